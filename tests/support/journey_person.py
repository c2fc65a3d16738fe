"""What a user does, over HTTP and nothing else."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

PASSWORD = "correct horse battery staple"
FINAL = frozenset({"completed", "failed", "cancelled"})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    id: int
    name: str
    job: Json
    at: float
    """When it arrived, by the monotonic clock."""


@dataclass(slots=True)
class Person:
    client: httpx.Client
    email: str
    id: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @classmethod
    def registered(cls, client: httpx.Client, email: str) -> "Person":
        body = {"email": email, "password": PASSWORD, "name": "Mina"}
        signed_in = expect(client.post("/api/auth/register", json=body), 201)
        return cls(client, email, signed_in["user"]["id"], signed_in["access_token"], signed_in["refresh_token"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.client.get(path, params=params, headers=self.headers)

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return self.client.post(path, json=body, headers={**self.headers, **headers})

    def delete(self, path: str) -> httpx.Response:
        return self.client.delete(path, headers=self.headers)

    def sign_in_again(self) -> None:
        body = {"email": self.email, "password": PASSWORD}
        signed_in = expect(self.client.post("/api/auth/login", json=body), 200)
        self.access_token, self.refresh_token = signed_in["access_token"], signed_in["refresh_token"]

    def credits(self) -> dict[str, int]:
        return dict(expect(self.get("/api/auth/me"), 200)["credits"])

    def upload(self, data: bytes, name: str = "photo.jpg", media_type: str = "image/jpeg") -> httpx.Response:
        return self.client.post("/api/files/upload", files={"file": (name, data, media_type)}, headers=self.headers)

    def submit(self, body: Json, kind: str = "image/generate", **headers: str) -> Json:
        return expect(self.post(f"/api/ai/{kind}", body, **headers), 202)

    def script(self, **parameters: object) -> Json:
        """Submit a job that behaves as told; it costs one credit."""
        return self.submit(scripted(**parameters))

    def job(self, job_id: str, wait: float = 0) -> Json:
        return expect(self.get(f"/api/ai/jobs/{job_id}/status", wait=wait), 200)

    def finished(self, job_id: str) -> Json:
        job = self.job(job_id, wait=25)
        assert job["status"] in FINAL, job
        return job

    def result(self, job_id: str) -> list[Json]:
        outputs: list[Json] = expect(self.get(f"/api/ai/jobs/{job_id}/result"), 200)["outputs"]
        return outputs

    def cancel(self, job_id: str) -> Json:
        return expect(self.delete(f"/api/ai/jobs/{job_id}"), 200)

    def bytes_of(self, file: Json) -> bytes:
        """As a browser loads it: by its address, without signing in."""
        answer = self.client.get(file["url"])
        assert answer.status_code == 200, answer.text
        return answer.content

    def events(self, job_id: str, last_event_id: int = 0) -> Iterator[ServerSentEvent]:
        """The job's stream, live, until it ends."""
        headers = {**self.headers, "Last-Event-ID": str(last_event_id)}
        with self.client.stream("GET", f"/api/ai/jobs/{job_id}/events", headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            fields: dict[str, str] = {}
            for line in answer.iter_lines():
                if not line and "data" in fields:
                    job = json.loads(fields["data"])
                    yield ServerSentEvent(int(fields["id"]), fields["event"], job, time.monotonic())
                    fields = {}
                name, _, value = line.partition(": ")
                fields[name] = value


def scripted(**parameters: object) -> Json:
    return {"model": "scripted/image", "prompt": "anything", "parameters": parameters}


def expect(answer: httpx.Response, status: int) -> Json:
    """The body of an answer of this status."""
    assert answer.status_code == status, (
        f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    )
    body: Json = answer.json()
    return body
