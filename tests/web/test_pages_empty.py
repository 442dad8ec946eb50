"""A house that has assessed nothing yet says what to do."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/risks", "/risks/R1", "/measures", "/measures/M1", "/indicators", "/indicators/process.rework"])
def test_without_any_assessment_the_page_says_what_to_do(client, officer, workspace, settings, address):
    settings.WORKSPACE = workspace
    client.force_login(officer)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "hengzhi assess" in answer.content.decode()


def test_without_any_run_the_list_of_runs_says_so(client, officer):
    client.force_login(officer)
    assert "尚未进行过计算" in client.get("/runs").content.decode()
