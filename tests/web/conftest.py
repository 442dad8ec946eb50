"""The small assessed bank that the reading pages are tested on: loaded once a module, taken back after it."""

from datetime import date

import pytest


@pytest.fixture(scope="module")
def loaded(make_bank, tmp_path_factory, django_db_setup, django_db_blocker):
    """The workspace of the bank; its rows live in a transaction that is rolled back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_bank(tmp_path_factory.mktemp("bank") / "workspace")
        transaction.set_rollback(True)


@pytest.fixture
def bank(loaded, settings, db):
    """The bank as the workspace that is served."""
    settings.WORKSPACE = loaded
    settings.DEMO = True
    return loaded


@pytest.fixture
def whole(bank):
    """A person who sees the whole institution, with an English display name."""
    from django.contrib.auth import get_user_model

    from hengzhi.spine.access.granting import give_first_roles

    person = get_user_model().objects.create_user("reader", display_name="Reader")
    give_first_roles(person=person, on=date(2026, 1, 1))
    return person


@pytest.fixture
def reader(whole, client):
    """A browser of that person, who has signed in."""
    client.force_login(whole)
    return client
