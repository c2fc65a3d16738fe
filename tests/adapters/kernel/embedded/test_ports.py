import socket

from pixie.adapters.kernel.embedded.ports import free_port, obstacle_to_listening


def test_a_port_with_a_listener_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert obstacle_to_listening("127.0.0.1", port) == "Address already in use"
    assert obstacle_to_listening("127.0.0.1", port) is None


def test_a_port_obstacle_to_listening_again_when_its_connections_have_just_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # the server's side closes first: it is the one that waits
        client.close()
    assert obstacle_to_listening("127.0.0.1", port) is None


def test_a_listener_on_all_addresses_takes_the_port_on_each() -> None:
    with socket.create_server(("", 0)) as server:
        assert obstacle_to_listening("127.0.0.1", server.getsockname()[1]) == "Address already in use"


def test_a_port_found_is_outside_the_range_of_outgoing_connections() -> None:
    ports = {free_port() for _ in range(50)}
    assert len(ports) > 25
    assert all(20_000 <= port < 32_000 for port in ports)


def test_a_host_that_does_not_exist_cannot_be_listened_on() -> None:
    assert obstacle_to_listening("203.0.113.1", 8000) == "Cannot assign requested address"
