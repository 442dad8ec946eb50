"""The sentence and the remedy for every code that readers and mappings give, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hengzhi.core import Text


@dataclass(frozen=True, slots=True)
class ProblemText:
    """What is wrong, and what to do; ``{names}`` stand for fields of the problem and its args."""

    message: Text
    remedy: Text


def _said(zh: str, en: str, zh_remedy: str, en_remedy: str) -> ProblemText:
    return ProblemText(Text(zh, en), Text(zh_remedy, en_remedy))


# Of single cells and rows: placeholders are source, line, column, value, and the args named here.
ROWS: Mapping[str, ProblemText] = {
    "missing_value": _said(
        "第 {line} 行「{column}」为空, 该字段必填。",
        "Line {line}: '{column}' is empty and is required.",
        "补上该值后重新导入。",
        "Fill in the value and import again.",
    ),
    "invalid_int": _said(
        "第 {line} 行「{column}」的“{value}”不是数字。",
        "Line {line}: '{value}' in '{column}' is not a number.",
        "改为阿拉伯数字, 不要千分位和单位; 表示“无”的写法列入映射的 missing。",
        "Write plain digits without thousands separators or units; list words that mean 'none' under missing in the mapping.",
    ),
    "below_lowest": _said(
        "第 {line} 行「{column}」的 {value} 小于允许的最小值 {limit}。",
        "Line {line}: {value} in '{column}' is below the least possible value {limit}.",
        "负的时长多因起止时刻颠倒: 请核对来源系统。",
        "A negative duration usually means that start and end are swapped: check the source system.",
    ),
    "above_highest": _said(
        "第 {line} 行「{column}」的 {value} 大于允许的最大值 {limit}。",
        "Line {line}: {value} in '{column}' is above the greatest possible value {limit}.",
        "核对单位 (例如毫秒与秒) 与数值。",
        "Check the unit (milliseconds for seconds, say) and the value.",
    ),
    "invalid_date": _said(
        "第 {line} 行「{column}」的“{value}”不是能识别的日期或时刻。",
        "Line {line}: '{value}' in '{column}' is not a date or time that can be read.",
        "写成 2026-10-05 或 2026-10-05 09:30:00, 或在映射中给出 format。",
        "Write 2026-10-05 or 2026-10-05 09:30:00, or give its format in the mapping.",
    ),
    "date_out_of_range": _said(
        "第 {line} 行「{column}」的“{value}”年份不在 1900 至 2100 之间。",
        "Line {line}: the year of '{value}' in '{column}' is not between 1900 and 2100.",
        "更正年份。",
        "Correct the year.",
    ),
    "unknown_code": _said(
        "第 {line} 行「{column}」的“{value}”不是允许的取值。",
        "Line {line}: '{value}' in '{column}' is not one of the values allowed.",
        "允许的取值: {known}; 别的写法请在映射的 values 中对应。",
        "Allowed: {known}; translate other spellings under values in the mapping.",
    ),
    "unknown_value": _said(
        "第 {line} 行「{column}」的“{value}”在映射中没有对应, 而映射要求拒绝这样的值。",
        "Line {line}: '{value}' in '{column}' has no translation in the mapping, which refuses such values.",
        "在映射的 values 中补上, 或把 others 改为 keep。",
        "Add it under values in the mapping, or set others to keep.",
    ),
    "invalid_flag": _said(
        "第 {line} 行「{column}」的“{value}”既不是“是”也不是“否”。",
        "Line {line}: '{value}' in '{column}' is neither yes nor no.",
        "写成 是/否 或 true/false, 或在映射中列出 true 与 false 的写法。",
        "Write yes/no or true/false, or list the words under true and false in the mapping.",
    ),
    "too_many_decimals": _said(
        "第 {line} 行「{column}」的 {value} 小数超过 {scale} 位。",
        "Line {line}: {value} in '{column}' has more than {scale} decimals.",
        "若可以四舍五入, 在映射中写 round: true。",
        "If rounding is right, set round: true in the mapping.",
    ),
    "no_band": _said(
        "第 {line} 行「{column}」的 {value} 不在映射给出的任何区间内。",
        "Line {line}: {value} in '{column}' lies in none of the mapping's bands.",
        "更正该值, 或补全映射的 bands。",
        "Correct the value, or complete the bands in the mapping.",
    ),
    "bad_encoding": _said(
        "第 {line} 行「{column}」含有无法解码的字节。",
        "Line {line}: '{column}' holds bytes that can't be decoded.",
        "从来源系统重新导出该行, 或在映射中写明 encoding。",
        "Export the row again, or name the encoding in the mapping.",
    ),
    "code_too_long": _said(
        "第 {line} 行「{column}」超过 {limit} 个字符, 不像代码。",
        "Line {line}: '{column}' has more than {limit} characters, too long for a code.",
        "核对列是否错位; 自由文本应映射到 text。",
        "Check whether columns have shifted; free text belongs in text.",
    ),
    "text_too_long": _said(
        "第 {line} 行「{column}」超过 {limit} 个字符。",
        "Line {line}: '{column}' has more than {limit} characters.",
        "拆分或截短该文本。",
        "Split or shorten the text.",
    ),
    "control_character": _said(
        "第 {line} 行「{column}」含有控制字符 (例如 NUL)。",
        "Line {line}: '{column}' holds control characters such as NUL.",
        "从来源系统重新导出该行。",
        "Export the row again from the source system.",
    ),
    "stray_bom": _said(
        "第 {line} 行「{column}」里有字节顺序标记 (U+FEFF), 多因两个文件首尾拼接。",
        "Line {line}: a byte order mark (U+FEFF) stands inside '{column}', usually because files were joined.",
        "分别导入各个文件, 或删去该标记。",
        "Import the files one by one, or delete the mark.",
    ),
    "wrong_field_count": _said(
        "第 {line} 行有 {found} 个字段, 应为 {expected} 个。",
        "Line {line} has {found} fields instead of {expected}.",
        "检查该行的分隔符与引号。",
        "Check the delimiters and quotes of the line.",
    ),
    "unclosed_quote": _said(
        "第 {line} 行的引号没有闭合。",
        "Line {line}: a quote is opened and never closed.",
        "补上引号, 或把字段内的引号写成两个。",
        "Close the quote, or double the quotes inside the field.",
    ),
    "invalid_json": _said(
        "第 {line} 行不是一个 JSON 对象。",
        "Line {line} is not a JSON object.",
        "每行写一个完整的 {{…}} 对象。",
        "Write one whole {{…}} object on each line.",
    ),
    "record_too_large": _said(
        "第 {line} 行超过 {limit} 字节。",
        "Line {line} has more than {limit} bytes.",
        "检查该行是否缺少换行。",
        "Check whether a line break is missing.",
    ),
    "event_outside_trace": _said(
        "第 {line} 行的事件不在任何 trace 之内, 不知属于哪个案件。",
        "Line {line}: an event stands outside every trace, so its case is unknown.",
        "把事件放进其案件的 <trace> 内。",
        "Put the event into the <trace> of its case.",
    ),
    "personal_data_in_code": _said(
        "「{column}」有 {count} 个值像证件号、银行卡号、手机号或邮箱, 已脱敏 (首见于第 {line} 行)。",
        "{count} values in '{column}' look like resident ids, cards, mobiles or e-mail addresses and were masked (first on line {line}).",
        "核对映射: 个人标识应映射到客户或员工列。",
        "Check the mapping: identifiers of persons belong in the customer or staff column.",
    ),
    "rows_filtered": _said(
        "按映射的 only, 有 {count} 行因「{column}」未导入 (首见于第 {line} 行)。",
        "{count} rows were left out because of '{column}', as only in the mapping asks (first on line {line}).",
        "若不应排除, 修改映射的 only。",
        "If they should count, change only in the mapping.",
    ),
}

# Of files as a whole: reasons of InvalidFile.
FILES: Mapping[str, ProblemText] = {
    "empty_file": _said("{source} 是空文件。", "{source} is empty.", "重新导出。", "Export it again."),
    "header_only": _said(
        "{source} 只有表头, 没有数据。",
        "{source} has a header and no data.",
        "核对导出的期间与条件。",
        "Check the period and filters of the export.",
    ),
    "unknown_format": _said(
        "不认识 {source} 的格式。",
        "The format of {source} is not known.",
        "支持 {known} (均可 .gz), 或在映射中写明 format。",
        "Known endings: {known} (all also .gz); or name the format in the mapping.",
    ),
    "unknown_encoding": _said(
        "无法识别 {source} 的编码。",
        "The encoding of {source} can't be told.",
        "另存为 UTF-8, 或在映射中写明 encoding (utf-8、gb18030、utf-16、latin-1)。",
        "Save it as UTF-8, or name the encoding in the mapping (utf-8, gb18030, utf-16, latin-1).",
    ),
    "bom_contradicts": _said(
        "{source} 以 UTF-8 的字节顺序标记开头, 内容却是 {found}。",
        "{source} starts with the byte order mark of UTF-8, but its text is {found}.",
        "删去文件最前的 3 个字节 (EF BB BF), 或另存为 UTF-8, 或在映射中写明 encoding: {found}。",
        "Delete the first 3 bytes (EF BB BF), or save it as UTF-8, or set encoding: {found} in the mapping.",
    ),
    "bom_in_header": _said(
        "{source} 第 {line} 行的列名「{column}」里有字节顺序标记 (U+FEFF)。",
        "{source}, line {line}: a byte order mark (U+FEFF) stands inside the column name '{column}'.",
        "删去该标记; 它只能出现在文件最前, 且只能一次。",
        "Delete the mark: it may stand only once, at the very start of a file.",
    ),
    "not_text": _said(
        "{source} 不是文本文件。", "{source} is not a text file.", "导出为 CSV 后再导入。", "Export it as CSV and import that."
    ),
    "broken_gzip": _said(
        "{source} 不是完整的 gzip 文件。", "{source} is not a whole gzip file.", "重新压缩或重新传输。", "Compress or transfer it again."
    ),
    "too_large": _said(
        "{source} 解压后超过 {limit} 字节。",
        "{source} unpacks to more than {limit} bytes.",
        "按月拆分后导入。",
        "Split it by month.",
    ),
    "too_compressed": _said(
        "{source} 的压缩比超过 {limit} 倍, 可能是压缩炸弹, 已拒绝。",
        "{source} unpacks to more than {limit} times its size and is refused as a possible bomb.",
        "若确为正常数据, 解压后导入。",
        "If the data are genuine, unpack the file and import that.",
    ),
    "missing_column": _said(
        "{source} 第 {line} 行没有列「{column}」(最接近的是「{near}」)。",
        "{source}, line {line}: there is no column '{column}' (nearest: '{near}').",
        "改正列名或映射; 文件中的列: {present}。",
        "Correct the name or the mapping; the file has: {present}.",
    ),
    "duplicate_column": _said(
        "{source} 第 {line} 行的列名「{column}」出现了不止一次。",
        "{source}, line {line}: the column name '{column}' stands more than once.",
        "给各列不同的名字。",
        "Give each column a name of its own.",
    ),
    "too_many_columns": _said(
        "{source} 第 {line} 行超过 {limit} 列。",
        "{source}, line {line}: there are more than {limit} columns.",
        "核对分隔符。",
        "Check the delimiter.",
    ),
    "record_too_long": _said(
        "{source} 第 {line} 行超过 {limit} 字节仍未结束。",
        "{source}: line {line} does not end within {limit} bytes.",
        "核对该文件是否为逐行的文本。",
        "Check that the file is text with line breaks.",
    ),
    "xml_dtd_refused": _said(
        "{source} 含有文档类型声明 (DTD) 或实体, 为安全起见已拒绝。",
        "{source} holds a document type declaration (DTD) or entities and is refused for safety.",
        "去掉 <!DOCTYPE …> 后导入。",
        "Remove <!DOCTYPE …> and import again.",
    ),
    "xml_malformed": _said(
        "{source} 第 {line} 行不是合法的 XML ({said})。",
        "{source}, line {line}: not well-formed XML ({said}).",
        "重新导出; 文件可能被截断。",
        "Export it again; the file may have been cut off.",
    ),
    "xml_too_deep": _said(
        "{source} 第 {line} 行的元素嵌套超过 {limit} 层。",
        "{source}, line {line}: elements are nested more than {limit} deep.",
        "核对文件是否为 XES。",
        "Check that the file is XES.",
    ),
    "not_xes": _said(
        "{source} 不是 XES: 根元素是 {root} 而不是 log。",
        "{source} is not XES: its root is {root}, not log.",
        "导出为 XES (IEEE 1849) 或 CSV。",
        "Export it as XES (IEEE 1849) or CSV.",
    ),
    "parquet_unreadable": _said(
        "{source} 不是可读的 Parquet 文件。", "{source} is not a readable Parquet file.", "重新导出。", "Export it again."
    ),
    "unsupported_type": _said(
        "{source} 的列「{column}」的类型 {type} 不能导入。",
        "{source}: the type {type} of column '{column}' can't be imported.",
        "导出为文本、数字、日期或时刻。",
        "Export it as text, number, date or time.",
    ),
}

# Of mapping files.
MAPPINGS: Mapping[str, ProblemText] = {
    "mapping_not_yaml": _said("不是合法的 YAML: {said}", "not valid YAML: {said}", "检查缩进与引号。", "Check indentation and quotes."),
    "mapping_too_long": _said("映射过大。", "the mapping is too large", "精简映射。", "Shorten the mapping."),
    "mapping_alias": _said("映射中不能用锚点与别名。", "anchors and aliases are not allowed", "写出全文。", "Write it out."),
    "mapping_not_a_mapping": _said("应为“键: 值”。", "expected 'key: value' lines", "参照 examples/mappings。", "See examples/mappings."),
    "mapping_unknown_key": _said(
        "没有“{key}”这一项 (最接近: {near})。", "no key '{key}' (nearest: {near})", "可用: {known}。", "Known: {known}."
    ),
    "mapping_twice": _said("“{key}”出现了两次。", "'{key}' stands twice", "删去一处。", "Delete one of them."),
    "mapping_no_table": _said("没有写明 table。", "no table is named", "可用: {known}。", "Known: {known}."),
    "mapping_unknown_table": _said(
        "没有事实表“{key}”(最接近: {near})。", "no table '{key}' (nearest: {near})", "可用: {known}。", "Known: {known}."
    ),
    "mapping_no_columns": _said(
        "没有 columns。", "there are no columns", "为每个必填列写一条规则。", "Write a rule for each required column."
    ),
    "mapping_unknown_column": _said(
        "事实表没有列“{key}”(最接近: {near})。", "the table has no column '{key}' (nearest: {near})", "可用: {known}。", "Known: {known}."
    ),
    "mapping_required": _said(
        "缺少 {table} 的必填列“{key}”。",
        "the required column '{key}' of {table} is not mapped",
        "加上 {key}: {{from: …}}。",
        "Add {key}: {{from: …}}.",
    ),
    "mapping_bad_rule": _said(
        "“{key}”的规则应为列名或 {{from: …}}。",
        "the rule for '{key}' must be a column name or {{from: …}}",
        "参照 examples/mappings。",
        "See examples/mappings.",
    ),
    "mapping_unknown_setting": _said(
        "此类列没有“{key}”这一设置 (最接近: {near})。",
        "columns of this type have no setting '{key}' (nearest: {near})",
        "可用: {known}。",
        "Known: {known}.",
    ),
    "mapping_from_or_value": _said(
        "“{key}”须且只须给出 from、value、line 之一。", "'{key}' needs exactly one of from, value and line", "保留一个。", "Keep one."
    ),
    "mapping_dropped": _said("列“{key}”规定不得导入。", "the column '{key}' must never be imported", "删去该规则。", "Delete the rule."),
    "mapping_bad_value": _said(
        "{key} 不能是“{value}”(应为 {known})。", "{key} can't be '{value}' (expected {known})", "应为 {known}。", "Expected {known}."
    ),
    "mapping_bad_zone": _said("没有时区“{value}”。", "no time zone '{value}'", "例如 Asia/Shanghai。", "For example Asia/Shanghai."),
    "mapping_bad_period": _said(
        "“{value}”不是期间。", "'{value}' is not a period", "写成 2026-10、2026Q4 或 2026。", "Write 2026-10, 2026Q4 or 2026."
    ),
    "mapping_bad_format": _said(
        "看不懂日期格式“{value}”。",
        "the date format '{value}' can't be used",
        "可用 %Y %y %m %d %H %M %S %f %z %%, 各一次。",
        "Use %Y %y %m %d %H %M %S %f %z %%, each once.",
    ),
    "mapping_unknown_code": _said(
        "“{key}”不是该列允许的取值 (最接近: {near})。",
        "'{key}' is not a value of the column (nearest: {near})",
        "可用: {known}。",
        "Known: {known}.",
    ),
    "mapping_both": _said(
        "“{value}”同时列在 true 与 false 中。", "'{value}' is listed under both true and false", "删去一处。", "Delete one of them."
    ),
    "mapping_names_or_header": _said(
        "header: false 与 names 须同时给出。",
        "header: false and names go together",
        "无表头的文件写 header: false 并列出 names。",
        "For a file without header write header: false and list names.",
    ),
}

PROBLEMS: Mapping[str, ProblemText] = {**ROWS, **FILES, **MAPPINGS}
