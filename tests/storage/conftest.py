"""Real databases for these tests."""

from tests.storage.fixtures import clock as clock
from tests.storage.fixtures import database as database
from tests.storage.fixtures import desk as desk
from tests.storage.fixtures import machine as machine
from tests.storage.fixtures import partner as partner
from tests.storage.fixtures import url as url
from tests.storage.fixtures import where as where
