"""What tests of pages have in common."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def queries_of(client):
    """A function that counts what a page asks of the database: queries_of("/list/")."""

    def count(path: str) -> int:
        client.get(path)  # so that the registers are in memory: they are not asked for again
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    return count
