"""Whether the servers that the site needs answer, within seconds, and its port is free."""

import errno
import os
import socket
from urllib.parse import urlsplit

import psycopg
import redis

from coprod_site.problems import StartError
from responses.valkey import connect

SECONDS = 5


def check_port(host: str, port: int) -> None:
    """Raises StartError if the site can't listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((host, port))
            candidate.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartError(
                    f"Port {port} is in use: stop the program that uses it, or take another port: "
                    f"make run PORT={port + 1 if port < 65535 else 8000}"
                ) from error
            raise StartError(
                f"Can't listen on {host}, port {port}: {os.strerror(error.errno or 0)}. Set "
                "COPROD_HOST to an address of this machine and PORT to a number above 1023."
            ) from error


def check_database(url: str) -> None:
    """Raises StartError if Postgres does not let us in."""
    try:
        psycopg.connect(url, connect_timeout=SECONDS).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise StartError(
            f"Postgres at {_place(url)} (DATABASE_URL) does not answer: {reason}. Start it, "
            "correct DATABASE_URL, or unset it to use the one that comes with the site."
        ) from error


def check_redis(url: str) -> None:
    """Raises StartError if Valkey or Redis does not answer."""
    try:
        with connect(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise StartError(
            f"Valkey at {_place(url)} (REDIS_URL) does not answer: {error}. Start it, correct "
            "REDIS_URL, or unset it to use the one that comes with the site."
        ) from error


def _place(url: str) -> str:
    """The address without its password; several if Sentinels are named."""
    parts = [urlsplit(each) for each in url.split(";")]
    return ", ".join(part.netloc.rpartition("@")[2] + part.path for part in parts)
