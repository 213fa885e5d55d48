"""Files in a bucket: a round trip by HTTP to a server that speaks S3 (moto's, not one of ours)."""

import logging
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import EndpointConnectionError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings

from portal.kernel.bucket import PrivateBucket

moto_server = pytest.importorskip("moto.server")

KEYS = {"access_key": "an-invented-name", "secret_key": "an-invented-secret"}
CONTENT = "чертёж № 1".encode() * 1000


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str) -> Iterator[PrivateBucket]:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )
    client.create_bucket(Bucket="drawings")
    options: dict[str, Any] = {
        "bucket_name": "drawings",
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        **KEYS,
    }
    backend = {"BACKEND": "portal.kernel.bucket.PrivateBucket", "OPTIONS": options}
    with override_settings(STORAGES={"default": backend}):
        yield storages["default"]
    for item in client.list_objects_v2(Bucket="drawings").get("Contents", []):
        client.delete_object(Bucket="drawings", Key=item["Key"])
    client.delete_bucket(Bucket="drawings")
    client.close()


def test_file_comes_back_as_it_was_stored(bucket: PrivateBucket) -> None:
    name = bucket.save("requests/drawing.pdf", ContentFile(CONTENT))
    assert bucket.exists(name)
    assert bucket.size(name) == len(CONTENT)
    with bucket.open(name) as file:
        assert file.read() == CONTENT
    bucket.delete(name)
    assert not bucket.exists(name)


def test_second_file_of_a_name_does_not_replace_the_first(bucket: PrivateBucket) -> None:
    first = bucket.save("drawing.pdf", ContentFile(b"first"))
    second = bucket.save("drawing.pdf", ContentFile(b"second"))
    assert first != second
    with bucket.open(first) as file:
        assert file.read() == b"first"


def test_file_has_no_address(bucket: PrivateBucket) -> None:
    name = bucket.save("drawing.pdf", ContentFile(CONTENT))
    with pytest.raises(ValueError, match="not accessible"):
        bucket.url(name)


def test_stranger_gets_nothing_from_the_bucket(bucket: PrivateBucket, endpoint: str) -> None:
    """Objects carry no grant to everybody, whatever the bucket's default was."""
    name = bucket.save("drawing.pdf", ContentFile(CONTENT))
    grants = bucket.bucket.Object(name).Acl().grants
    assert [one["Permission"] for one in grants] == ["FULL_CONTROL"]
    assert all(one["Grantee"]["Type"] == "CanonicalUser" for one in grants)
    assert requests.get(f"{endpoint}/drawings/{name}", timeout=5).status_code == 403


def test_storage_that_is_away_is_told_soon() -> None:
    away = PrivateBucket(bucket_name="drawings", endpoint_url="http://127.0.0.1:1", **KEYS)
    began = time.monotonic()
    with pytest.raises(EndpointConnectionError):
        away.exists("drawing.pdf")
    assert time.monotonic() - began < 10
