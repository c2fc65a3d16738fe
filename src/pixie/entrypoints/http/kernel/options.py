"""OPTIONS: which methods an address takes (RFC 9110, section 9.3.7)."""

from litestar import Litestar
from litestar.enums import HttpMethod
from litestar.routes import HTTPRoute


def tell_all_methods(app: Litestar) -> None:
    """Where several handlers share an address, Litestar tells only of the one that came first; so ask it anew."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            handler = route.create_options_handler(route.path)
            handler.owner = route.route_handlers[0].owner
            handler.on_registration(app)
            model = handler.create_kwargs_model(path_parameters=route.path_parameters)
            route.route_handler_map[HttpMethod.OPTIONS] = (handler, model)
