"""Real databases and migrations for these tests."""

from collections.abc import Iterator

import pytest

from tests.storage.filling import MIGRATE
from tests.storage.fixtures import clock as clock
from tests.storage.fixtures import database as database
from tests.storage.fixtures import desk as desk
from tests.storage.fixtures import machine as machine
from tests.storage.fixtures import partner as partner
from tests.storage.fixtures import url as url
from tests.storage.fixtures import where as where


@pytest.fixture(autouse=True, scope="package")
def _thorough(_hasty: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.maintenance.migrate._migrate", MIGRATE)
        yield
