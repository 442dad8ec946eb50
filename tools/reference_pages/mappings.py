"""The reference page of the mappings that come with the product."""

from __future__ import annotations

from pathlib import Path

import hengzhi
from hengzhi.app import CATALOGUE
from hengzhi.core import Text
from hengzhi.lake.mapping import Mapping_, load_mapping
from hengzhi.lake.mapping.model import Rule
from reference_pages.markdown import code, head, table

SHIPPED = Path(hengzhi.__file__).parent / "examples" / "mappings"
_TITLE = Text("自带的映射", "Mappings that come with the product")
_INTRO = Text(
    "`hengzhi import 表 文件 --mapping 名称` 可直接使用；也可复制到工作区的 `mappings/` 再改，同名者以工作区的为准。"
    "名为模板的供复制后填写。每个键的含义见[映射文件](../mappings.md)。",
    "Use one with `hengzhi import TABLE FILE --mapping NAME`, or copy it to the workspace's `mappings/` and change it there: "
    "of two with the same name the workspace's counts. Templates are there to be copied and filled in. "
    "Every key: [mapping files](../mappings.md).",
)


def page(language: str) -> str:
    """The page in one language."""
    sections = [_one(path, language) for path in sorted(SHIPPED.glob("*.yaml"))]
    return head(_TITLE, _INTRO, language) + "".join(sections)


def _one(path: Path, language: str) -> str:
    mapping = load_mapping(path, CATALOGUE.facts)
    shape = CATALOGUE.table(mapping.table)
    about = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#").strip()
    facts = (
        (Text("表", "Table"), code(mapping.table)),
        (Text("来源名", "Source"), code(mapping.source)),
        (Text("时区", "Zone"), code(mapping.zone) if mapping.zone else Text("机构的", "the institution's").in_(language)),
        (Text("指纹", "Fingerprint"), code(mapping.sha256[:12])),
    )
    colon = Text("：", ": ").in_(language)
    said = "\n".join(f"- {name.in_(language)}{colon}{value}" for name, value in facts)
    header = [
        text.in_(language)
        for text in (Text("列", "column"), Text("名称", "name"), Text("取自", "taken from"), Text("怎么读", "how it is read"))
    ]
    rows = [(code(r.column), shape.column(r.column).names.in_(language), _from(r, language), _how(r, mapping)) for r in mapping.rules]
    return f"\n## {path.stem}\n\n{about}\n\n{said}\n\n{table(header, rows)}"


def _from(rule: Rule, language: str) -> str:
    if rule.line:
        return Text("行号", "line number").in_(language)
    if rule.value is not None:
        return Text(f"常量 `{rule.value}`", f"constant `{rule.value}`").in_(language)
    return " + ".join(f"`{part[0]}`" for part in rule.parts)


def _how(rule: Rule, mapping: Mapping_) -> str:
    said = [f"format `{text}`" for text in rule.formats]
    said += [f"`{old}` → `{new}`" for old, new in rule.values]
    said += [f"others: {rule.others}"] if rule.others != "keep" else []
    said += [f"true: {', '.join(rule.true)}"] if rule.true else []
    said += [f"false: {', '.join(rule.false)}"] if rule.false else []
    said += [f"missing: {', '.join(rule.missing)}"] if rule.missing else []
    return "; ".join(said)
