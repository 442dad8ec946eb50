"""What is said of mapping files that contradict their table or themselves."""

from __future__ import annotations

from collections.abc import Mapping

from hengzhi.lake.problems.text import ProblemText, said

MAPPINGS: Mapping[str, ProblemText] = {
    "mapping_not_yaml": said("不是合法的 YAML: {said}", "not valid YAML: {said}", "检查缩进与引号。", "Check indentation and quotes."),
    "mapping_too_long": said("映射过大。", "the mapping is too large", "精简映射。", "Shorten the mapping."),
    "mapping_alias": said("映射中不能用锚点与别名。", "anchors and aliases are not allowed", "写出全文。", "Write it out."),
    "mapping_not_a_mapping": said("应为“键: 值”。", "expected 'key: value' lines", "参照 examples/mappings。", "See examples/mappings."),
    "mapping_unknown_key": said(
        "没有“{key}”这一项 (最接近: {near})。", "no key '{key}' (nearest: {near})", "可用: {known}。", "Known: {known}."
    ),
    "mapping_twice": said("“{key}”出现了两次。", "'{key}' stands twice", "删去一处。", "Delete one of them."),
    "mapping_no_table": said("没有写明 table。", "no table is named", "可用: {known}。", "Known: {known}."),
    "mapping_unknown_table": said(
        "没有事实表“{key}”(最接近: {near})。", "no table '{key}' (nearest: {near})", "可用: {known}。", "Known: {known}."
    ),
    "mapping_no_columns": said(
        "没有 columns。", "there are no columns", "为每个必填列写一条规则。", "Write a rule for each required column."
    ),
    "mapping_unknown_column": said(
        "事实表没有列“{key}”(最接近: {near})。", "the table has no column '{key}' (nearest: {near})", "可用: {known}。", "Known: {known}."
    ),
    "mapping_required": said(
        "缺少 {table} 的必填列“{key}”。",
        "the required column '{key}' of {table} is not mapped",
        "加上 {key}: {{from: …}}。",
        "Add {key}: {{from: …}}.",
    ),
    "mapping_bad_rule": said(
        "“{key}”的规则应为列名或 {{from: …}}。",
        "the rule for '{key}' must be a column name or {{from: …}}",
        "参照 examples/mappings。",
        "See examples/mappings.",
    ),
    "mapping_unknown_setting": said(
        "此类列没有“{key}”这一设置 (最接近: {near})。",
        "columns of this type have no setting '{key}' (nearest: {near})",
        "可用: {known}。",
        "Known: {known}.",
    ),
    "mapping_from_or_value": said(
        "“{key}”须且只须给出 from、value、line 之一。", "'{key}' needs exactly one of from, value and line", "保留一个。", "Keep one."
    ),
    "mapping_dropped": said("列“{key}”规定不得导入。", "the column '{key}' must never be imported", "删去该规则。", "Delete the rule."),
    "mapping_bad_value": said(
        "{key} 不能是“{value}”(应为 {known})。", "{key} can't be '{value}' (expected {known})", "应为 {known}。", "Expected {known}."
    ),
    "mapping_bad_zone": said("没有时区“{value}”。", "no time zone '{value}'", "例如 Asia/Shanghai。", "For example Asia/Shanghai."),
    "mapping_bad_period": said(
        "“{value}”不是期间。", "'{value}' is not a period", "写成 2026-10、2026Q4 或 2026。", "Write 2026-10, 2026Q4 or 2026."
    ),
    "mapping_bad_format": said(
        "看不懂日期格式“{value}”。",
        "the date format '{value}' can't be used",
        "可用 %Y %y %m %d %H %M %S %f %z %%, 各一次。",
        "Use %Y %y %m %d %H %M %S %f %z %%, each once.",
    ),
    "mapping_unknown_code": said(
        "“{key}”不是该列允许的取值 (最接近: {near})。",
        "'{key}' is not a value of the column (nearest: {near})",
        "可用: {known}。",
        "Known: {known}.",
    ),
    "mapping_both": said(
        "“{value}”同时列在 true 与 false 中。", "'{value}' is listed under both true and false", "删去一处。", "Delete one of them."
    ),
    "mapping_names_or_header": said(
        "header: false 与 names 须同时给出。",
        "header: false and names go together",
        "无表头的文件写 header: false 并列出 names。",
        "For a file without header write header: false and list names.",
    ),
}
