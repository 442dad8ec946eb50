"""Bringing data in through the web: upload, preview, confirm, receipt, undo, and everything that is refused on the way."""

import csv
import gzip
import io
import re
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hengzhi.spine.access.granting import give_first_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(client, officer, intake):
    """A signed-in browser on an empty workspace."""
    client.force_login(officer)
    return client


@pytest.fixture
def send(served):
    """Upload a file; the answer to the form."""

    def sent(content: bytes, name: str = "回访.csv", **fields):
        file = SimpleUploadedFile(name, content)
        return served.post("/imports", {"table": "feedback", "mapping": "", "received": "2026-11-02", "file": file, **fields})

    return sent


@pytest.fixture
def english(served):
    served.post("/language", {"language": "en", "next": "/"})
    return served


def _text(answer) -> str:
    return answer.content.decode()


def _figures(page: str) -> list[str]:
    return re.findall(r'<div class="figure wide">([^<]*)</div>', page)


def _visible_rows() -> int:
    from hengzhi.app import CATALOGUE
    from hengzhi.spine.datasets.versions import current_version, facts_at

    return sum(file.rows for file in facts_at(CATALOGUE.table("feedback"), current_version()).read() if not file.shadow)


def _confirm(client, preview: str):
    return client.post(preview.replace("/preview", "/confirm"))


def test_an_upload_leads_to_a_preview_that_counts_and_stores_nothing(served, send, feedback_csv):
    answer = send(feedback_csv)
    assert answer.status_code == 302
    page = _text(served.get(answer["Location"]))
    assert _figures(page) == ["33", "30", "0", "3", "1"]
    assert _visible_rows() == 0


def test_the_preview_masks_texts_and_hides_persons(served, send, feedback_csv):
    page = _text(served.get(send(feedback_csv)["Location"]))
    assert "13800138000" not in page and "请致电[MOBILE]" in page
    assert "C29" not in page and "<td>—</td>" in page


def test_the_preview_names_each_problem_with_its_line_and_what_to_do(served, send, feedback_csv):
    page = _text(served.get(send(feedback_csv)["Location"]))
    assert re.search(r"<td class=.number.>33</td><td[^>]*>[^<]*</td><td>gossip</td><td>拒绝该行</td>", page), page[
        page.index("gossip") - 99 :
    ][:400]
    assert "不是数字" in page and "改为阿拉伯数字" in page
    assert "机构代码“0110”不在机构树中" in page


def test_all_problems_can_be_taken_away_as_a_file(served, send, feedback_csv, officer):
    from hengzhi.models import AuditEntry

    preview = send(feedback_csv)["Location"]
    answer = served.post(preview.replace("/preview", "/problems"))
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Content-Type"] == "text/csv; charset=utf-8" and answer["X-Content-Type-Options"] == "nosniff"
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == ["missing_value", "unknown_code", "invalid_int", "unknown_unit"]
    assert AuditEntry.objects.filter(by="officer", verb="download_problems", kind="upload").count() == 1


def test_confirming_imports_and_shows_the_receipt(served, send, feedback_csv):
    answer = _confirm(served, send(feedback_csv)["Location"])
    page = _text(served.get(answer["Location"]))
    assert re.fullmatch(r"/batches/\w{26}", answer["Location"])
    assert _figures(page) == ["33", "30", "0", "3", "1"]
    assert "2026-10" in page and "文件已导入" in page and re.search(r"[0-9a-f]{64}", page)
    assert _visible_rows() == 30


def test_confirming_twice_imports_once(served, send, feedback_csv):
    preview = send(feedback_csv)["Location"]
    assert _confirm(served, preview)["Location"] == _confirm(served, preview)["Location"]
    assert _visible_rows() == 30
    assert served.get(preview)["Location"].startswith("/batches/")


def test_the_same_content_again_is_told_as_imported_already(served, send, feedback_csv):
    first = _confirm(served, send(feedback_csv)["Location"])["Location"]
    preview = send(feedback_csv, name="copy.csv", table="feedback")["Location"]
    page = _text(served.get(preview))
    if "此内容以前已导入过" not in page:  # the name is the source of the rows here, so a copy under another name is other content
        preview = send(feedback_csv)["Location"]
        page = _text(served.get(preview))
    assert "此内容以前已导入过" in page and first in page
    assert "确认导入" not in page
    assert _confirm(served, preview)["Location"] == first
    assert _visible_rows() == 30


def test_undoing_takes_the_rows_away_and_is_asked_first(served, send, feedback_csv):
    from hengzhi.models import AuditEntry

    batch = _confirm(served, send(feedback_csv)["Location"])["Location"]
    assert "30 行不再计入" in _text(served.get(f"{batch}/undo"))
    assert _visible_rows() == 30
    assert served.post(f"{batch}/undo")["Location"] == batch
    assert _visible_rows() == 0
    page = _text(served.get(batch))
    assert "已撤销" in page and "撤销此次导入" not in page
    assert list(AuditEntry.objects.filter(kind="batch").values_list("by", "verb")) == [("officer", "import"), ("officer", "undo")]


def test_the_months_of_a_batch_are_assessed_on_request(served, send, feedback_csv):
    from hengzhi.models import Run

    batch = _confirm(served, send(feedback_csv)["Location"])["Location"]
    assert served.post(f"{batch}/assess")["Location"] == batch
    run = Run.objects.get()
    assert run.parameters["months"] == [202610] and run.by == "officer"
    assert run.uid in _text(served.get(batch))


def test_more_than_three_months_are_work_for_the_console(served, send):
    rows = "".join(f"M{month},2026-{month:02}-05,survey,5\n" for month in range(3, 8))
    batch = _confirm(served, send(f"record,day,kind,satisfaction\n{rows}".encode())["Location"])["Location"]
    page = _text(served.get(batch))
    assert "hengzhi assess --period 2026-03..2026-07" in page and "立即评估" not in page
    answer = served.post(f"{batch}/assess")
    assert answer.status_code == 422 and "2026-03..2026-07" in _text(answer)


def test_cancelling_throws_the_upload_away(served, send, feedback_csv, intake):
    preview = send(feedback_csv)["Location"]
    assert "回访.csv" in _text(served.get("/imports"))
    assert served.post(preview.replace("/preview", "/cancel"))["Location"] == "/imports"
    assert served.get(preview).status_code == 404
    assert list((intake.tmp / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    "content, words",
    [
        ("记录号,日期,类型\n".encode(), "没有数据"),
        (b"a,b,c\n1,2,3\n", "record"),
        (bytes(range(256)) * 20, "无法读取此文件"),
    ],
)
def test_a_file_that_cannot_be_read_is_kept_with_the_reason_and_can_be_judged_again(served, send, content, words):
    preview = send(content)["Location"]
    page = _text(served.get(preview))
    assert "无法读取此文件" in page and words in page and "回访.csv" in page
    assert "确认导入" not in page
    answer = served.post(preview, {"table": "contact", "mapping": "", "received": "2026-11-01"})
    assert answer.status_code == 302
    assert "客户接触" in _text(served.get(preview))


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("数据.xlsx", b"PK\x03\x04rest", "CSV UTF-8"),
        ("renamed.csv", b"PK\x03\x04rest", "压缩包或工作簿"),
        ("old.xls", b"\xd0\xcf\x11\xe0rest", "CSV UTF-8"),
        ("all.zip", b"PK\x03\x04rest", "解压后逐个上传"),
        ("page.html", b"<html>", ".csv .tsv"),
        ("noending", b"a,b\n", ".csv .tsv"),
        ("empty.csv", b"", "空文件"),
    ],
)
def test_a_file_of_another_kind_is_refused_beside_the_field_and_the_input_kept(served, send, intake, name, content, words):
    answer = send(content, name=name, received="2026-10-31")
    page = _text(answer)
    assert answer.status_code == 422
    assert words in page and 'id="error_file"' in page and 'href="#id_file"' in page
    assert '<option value="feedback" selected>' in page and 'value="2026-10-31"' in page
    assert not (intake.tmp / "uploads").exists()


def test_an_archive_in_disguise_of_gzip_is_read_as_what_it_is(served, send):
    packed = gzip.compress(b"record,day,kind\nA,2026-10-01,survey\n")
    assert _figures(_text(served.get(send(packed, name="a.csv.gz")["Location"])))[:2] == ["1", "1"]


def test_a_bomb_in_gzip_is_refused(served, send):
    packed = gzip.compress(b"record,day,kind\n" + b"A,2026-10-01,survey\n" * 4_000_000, compresslevel=9)
    assert "无法读取此文件" in _text(served.get(send(packed, name="bomb.csv.gz")["Location"]))


def test_a_workbook_made_of_a_zip_is_refused_by_its_first_bytes(served, send):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
    assert send(made.getvalue(), name="data.csv").status_code == 422


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"table": "nothing"}, "请选择事实表"),
        ({"table": ""}, "请选择事实表"),
        ({"mapping": "bpic2012"}, "属于另一张事实表"),
        ({"mapping": "../../etc/passwd.yaml"}, "从列表中选择"),
        ({"received": "yesterday"}, "2026-10-31"),
        ({"received": "2999-01-01"}, "不可能在那一天收到"),
    ],
)
def test_a_wrong_choice_is_told_beside_its_field(served, send, feedback_csv, fields, words):
    answer = send(feedback_csv, **fields)
    assert answer.status_code == 422
    assert words in _text(answer) and "is-invalid" in _text(answer)


def test_a_form_without_a_file_asks_for_one(served):
    answer = served.post("/imports", {"table": "feedback", "received": "2026-11-02"})
    assert answer.status_code == 422 and "请选择文件" in _text(answer)


def test_a_huge_upload_is_refused_before_it_is_read(served, send, settings, intake):
    settings.UPLOAD_FILE_BYTES = 1_000_000
    answer = send(b"a" * 3_000_000)
    assert answer.status_code == 413
    assert "hengzhi import" in _text(answer)
    assert list(intake.tmp.glob("*")) == []


def test_an_upload_that_is_a_byte_too_long_is_stopped_on_the_way(served, send, settings, intake):
    settings.UPLOAD_FILE_BYTES = 1_000_000
    assert send(b"a" * 1_000_001).status_code == 413
    assert list(intake.tmp.glob("*")) == []


def test_a_large_file_is_sampled_and_its_import_left_to_the_console(served, send, settings, feedback_csv):
    settings.UPLOAD_AT_ONCE_BYTES = 500
    preview = send(feedback_csv, name="十月 data.csv")["Location"]
    page = _text(served.get(preview))
    assert "hengzhi import feedback &#x27;十月 data.csv&#x27; --received 2026-11-02" in page
    assert "F000" in page and "确认导入" not in page
    assert _confirm(served, preview).status_code == 422 and _visible_rows() == 0


def test_a_person_cannot_leave_more_lying_than_the_quota(served, send, settings, feedback_csv):
    settings.UPLOAD_PERSON_BYTES = 2 * len(feedback_csv)
    assert [send(feedback_csv).status_code for _ in range(3)] == [302, 302, 422]


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.csv",
        "..\\..\\windows\\x.csv",
        "/etc/passwd.csv",
        "C:\\x.csv",
        "a\x00b.csv",
        "con.csv",
        ".csv",
        "名" * 300 + ".csv",
        "a\u202efdp.csv",
        "$(reboot);.csv",
    ],
)
def test_a_name_never_decides_where_a_file_is_kept(served, send, feedback_csv, intake, name):
    outside = lambda: {p for p in intake.root.rglob("*") if p.is_file() and intake.tmp not in p.parents}  # noqa: E731
    before = outside()
    answer = send(feedback_csv, name=name)
    assert answer.status_code in (302, 422)
    kept = [p for p in intake.root.rglob("*") if p.suffix == ".csv" and p.name != "problems.csv"]
    assert all(p.parent.parent == intake.tmp / "uploads" and p.name.startswith("f-") and len(p.name.encode()) < 255 for p in kept)
    assert outside() == before
    if answer.status_code == 302:
        assert _confirm(served, answer["Location"]).status_code == 302


EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def test_scripts_in_file_names_headers_and_cells_are_shown_as_text(served, send):
    content = f'record,day,kind,unit,text\nA,2026-10-01,survey,"<b>0110</b>","{EVIL.replace(chr(34), chr(39))}"\nB,<i>x</i>,survey,,\n'
    preview = send(content.encode(), name="<svg onload=alert(1)>.csv")["Location"]
    batch = _confirm(served, preview)["Location"]
    pages = [_text(served.get(address)) for address in (preview, batch, f"{batch}/undo", "/batches", "/imports")]
    again = send(content.encode().replace(b"A,", b"C,"), name="<svg onload=alert(1)>.csv")["Location"]
    for page in [*pages, _text(served.get(again)), _text(served.get("/imports"))]:
        assert not re.search(r"<(img|b>|i>|svg onload|script>)", page.replace('<svg class="', ""))
    assert "&lt;svg onload" in pages[1] and "&lt;i&gt;x" in _text(served.get(again))


def test_the_problems_file_holds_no_formula(served, send):
    content = b"record,day,kind,unit\nA,=1+1,survey,\nB,2026-10-01,survey,=cmd()\n"
    preview = send(content, name="=HYPERLINK(1).csv")["Location"]
    text = b"".join(served.post(preview.replace("/preview", "/problems")).streaming_content).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert cells and not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_another_person_sees_nothing_of_an_upload(served, send, feedback_csv, django_user_model):
    preview = send(feedback_csv)["Location"]
    other = django_user_model.objects.create_user("other", password="another long password")
    give_first_roles(person=other, on=date(2026, 1, 1))
    served.force_login(other)
    assert served.get(preview).status_code == 404
    for verb in ("confirm", "cancel", "problems"):
        assert served.post(preview.replace("preview", verb)).status_code == 404
    assert "回访.csv" not in _text(served.get("/imports"))


ADDRESSES = (
    "/imports",
    "/imports/tables",
    "/imports/tables/feedback.csv",
    "/imports/{uid}/preview",
    "/batches",
    "/batches/{uid}",
    "/batches/{uid}/undo",
)
POSTED = (
    "/imports",
    "/imports/{uid}/preview",
    "/imports/{uid}/confirm",
    "/imports/{uid}/cancel",
    "/imports/{uid}/problems",
    "/batches/{uid}/undo",
    "/batches/{uid}/assess",
    "/batches/{uid}/problems",
)
UID = "01M84W3HSNJVEM241TBWM0MD93"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_is_sent_to_the_login(client, intake, address):
    answer = client.get(address.format(uid=UID))
    assert answer.status_code == 302 and answer["Location"].startswith("/login?next=")


@pytest.mark.parametrize("address", POSTED)
def test_a_post_of_a_stranger_changes_nothing_and_is_not_even_read(client, intake, address, feedback_csv):
    file = SimpleUploadedFile("a.csv", feedback_csv)
    assert client.post(address.format(uid=UID), {"file": file, "table": "feedback"}).status_code == 302
    assert list(intake.tmp.iterdir()) == []


@pytest.mark.parametrize("address", POSTED)
def test_a_post_without_its_token_is_refused(officer, intake, address, feedback_csv):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    file = SimpleUploadedFile("a.csv", feedback_csv)
    answer = strict.post(address.format(uid=UID), {"file": file, "table": "feedback", "received": "2026-11-02"})
    assert answer.status_code == 403
    assert not (intake.tmp / "uploads").exists()


def test_what_changes_something_takes_a_post_and_leads_others_back(served, send, feedback_csv, intake):
    from hengzhi.models import Batch

    preview = send(feedback_csv)["Location"]
    for verb in ("confirm", "cancel", "problems"):
        assert served.get(preview.replace("preview", verb))["Location"] == preview
    batch = _confirm(served, preview)["Location"]
    for verb in ("assess", "problems"):
        assert served.get(f"{batch}/{verb}")["Location"] == batch
    assert Batch.objects.get().state == "done"


@pytest.mark.parametrize(
    "body, kind",
    [
        (b"", "multipart/form-data"),
        (b"--x", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n1', "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\na,b\r\n--x--\r\n', "multipart/form-data; boundary=x"),
        (b"\xff\xfe" * 500, "multipart/form-data; boundary=\xff"),
        (b'{"table": ' * 5000, "application/json"),
        (b"table=%00&received=%ed%a0%80&mapping=" + b"9" * 5000, "application/x-www-form-urlencoded"),
        (b"received=99999-99-99&table[]=1&table=2&table=3", "application/x-www-form-urlencoded"),
        (b"a=1&" * 5000, "application/x-www-form-urlencoded"),
        (b"table=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_whatever_is_sent_is_refused_and_never_breaks_the_page(served, intake, body, kind):
    served.raise_request_exception = False
    assert 400 <= served.generic("POST", "/imports", body, content_type=kind).status_code < 500


def test_an_upload_written_by_another_version_is_passed_over(served, send, feedback_csv, intake):
    preview = send(feedback_csv)["Location"]
    for paper in ("{}", "[", '{"choice": 1}'):
        (intake.tmp / "uploads" / preview.split("/")[2] / "upload.json").write_text(paper)
        assert served.get("/imports").status_code == 200
        assert served.get(preview).status_code == 404


@pytest.mark.parametrize("uid", [UID, "x", "../../../../etc/passwd", "%00", "a" * 26])
def test_what_is_not_there_is_not_found(served, uid):
    for address in ("/imports/{}/preview", "/batches/{}", "/batches/{}/undo"):
        assert served.get(address.format(uid)).status_code == 404


def test_looking_changes_nothing_on_the_disk(served, send, feedback_csv, intake):
    preview = send(feedback_csv)["Location"]
    batch = _confirm(served, send(feedback_csv.replace(b"F0", b"G0"))["Location"])["Location"]
    before = {p: p.stat().st_mtime_ns for p in intake.root.rglob("*") if p.is_file()}
    for address in (preview, batch, f"{batch}/undo", "/batches", "/imports"):
        assert served.get(address).status_code == 200
    assert {p: p.stat().st_mtime_ns for p in intake.root.rglob("*") if p.is_file()} == before


def test_an_empty_list_says_what_to_do_and_differs_from_no_match(served, send, feedback_csv):
    assert "尚未导入任何数据" in _text(served.get("/batches"))
    _confirm(served, send(feedback_csv)["Location"])
    assert "没有符合所选条件的批次" in _text(served.get("/batches?state=failed"))


def test_the_list_is_filtered_paged_and_the_latest_first(served, officer):
    from datetime import date

    from django.utils import timezone

    from hengzhi.models import Batch

    for at in range(120):
        Batch.objects.create(
            table="feedback" if at % 2 else "contact",
            name=f"file-{at:03}.csv",
            content_sha256=f"{at:064}",
            mapping_sha256="-",
            state="done" if at % 3 else "failed",
            version=at + 1,
            rows=at,
            lease_until=timezone.now(),
            received_on=date(2026, 11, 1),
        )
    first = _text(served.get("/batches"))
    assert "120 行 · 第 1 / 3 页" in first or "120" in first
    assert first.index("file-119.csv") < first.index("file-118.csv") and "file-069.csv" not in first
    assert "file-019.csv" in _text(served.get("/batches?page=3"))
    narrow = _text(served.get("/batches?table=contact&state=failed"))
    assert "file-118.csv" not in narrow and "file-114.csv" in narrow and "file-119.csv" not in narrow
    for odd in ("page=0", "page=-1", "page=99999999999", "page=x", "table=%00", "state=%F0%9F", "page=²"):
        assert served.get(f"/batches?{odd}").status_code == 200


def test_pages_speak_english_where_it_was_chosen(english, send, feedback_csv):
    preview = send(feedback_csv)["Location"]
    batch = _confirm(english, preview)["Location"]
    for address in ("/imports", "/imports/tables", batch, f"{batch}/undo", "/batches"):
        page = re.sub(r"回访(\.csv)?|中文|服务质量岗|F\d+", "", _text(english.get(address)))
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"<option.*?</option>|<td>.*?</td>", "", page)), address
    assert "Line 33" in _text(english.get(batch)) or "is not one of the values allowed" in _text(english.get(batch))


def test_a_mapping_with_faults_is_named_and_not_offered(served, intake):
    (intake.root / "mappings" / "kaputt.yaml").write_text("table: nothing\n", encoding="utf-8")
    page = _text(served.get("/imports"))
    assert "kaputt" in page and 'value="kaputt"' not in page and 'value="bpic2012"' in page


def test_every_table_has_an_empty_file_that_can_be_filled_in_and_imported(served, send):
    from hengzhi.app import CATALOGUE

    page = _text(served.get("/imports/tables"))
    for key in CATALOGUE.facts:
        assert f'href="/imports/tables/{key}.csv"' in page
        answer = served.get(f"/imports/tables/{key}.csv")
        assert answer["Content-Disposition"] == f'attachment; filename="{key}.csv"'
    header = served.get("/imports/tables/feedback.csv").content.decode("utf-8-sig")
    cells = {"记录号": "A1", "日期": "2026-10-05", "类型": "survey", "满意度评分": "5"}
    row = ",".join(cells.get(name, "") for name in header.strip().split(","))
    filled = f"{header.strip()}\n{row}\n".encode()
    assert _figures(_text(served.get(send(filled)["Location"])))[:2] == ["1", "1"]
    assert served.get("/imports/tables/nothing.csv").status_code == 404


def test_forgotten_uploads_are_removed_after_a_day(served, send, feedback_csv, intake):
    import os
    import time

    from hengzhi.spine.datasets.services import collect_garbage

    old, young = send(feedback_csv)["Location"], send(feedback_csv)["Location"]
    torn = intake.tmp / "tmpx.upload.csv"
    torn.write_bytes(b"x")
    two_days_ago = time.time() - 2 * 86_400
    for place in (intake.tmp / "uploads" / old.split("/")[2], torn):
        os.utime(place, (two_days_ago, two_days_ago))
    assert collect_garbage(workspace=intake).files >= 3
    assert served.get(old).status_code == 404 and served.get(young).status_code == 200
    assert not torn.exists()
    os.utime(intake.tmp / "uploads" / young.split("/")[2], (two_days_ago, two_days_ago))
    send(feedback_csv)
    assert served.get(young).status_code == 404  # the next upload clears away as well
