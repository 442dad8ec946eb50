"""What is said of single cells and rows that are refused or warned about."""

from __future__ import annotations

from collections.abc import Mapping

from hengzhi.lake.problems.text import ProblemText, said

# Of single cells and rows: placeholders are source, line, column, value, and the args named here.
ROWS: Mapping[str, ProblemText] = {
    "missing_value": said(
        "第 {line} 行「{column}」为空, 该字段必填。",
        "Line {line}: '{column}' is empty and is required.",
        "补上该值后重新导入。",
        "Fill in the value and import again.",
    ),
    "invalid_int": said(
        "第 {line} 行「{column}」的“{value}”不是数字。",
        "Line {line}: '{value}' in '{column}' is not a number.",
        "改为阿拉伯数字, 不要千分位和单位; 表示“无”的写法列入映射的 missing。",
        "Write plain digits without thousands separators or units; list words that mean 'none' under missing in the mapping.",
    ),
    "below_lowest": said(
        "第 {line} 行「{column}」的 {value} 小于允许的最小值 {limit}。",
        "Line {line}: {value} in '{column}' is below the least possible value {limit}.",
        "负的时长多因起止时刻颠倒: 请核对来源系统。",
        "A negative duration usually means that start and end are swapped: check the source system.",
    ),
    "above_highest": said(
        "第 {line} 行「{column}」的 {value} 大于允许的最大值 {limit}。",
        "Line {line}: {value} in '{column}' is above the greatest possible value {limit}.",
        "核对单位 (例如毫秒与秒) 与数值。",
        "Check the unit (milliseconds for seconds, say) and the value.",
    ),
    "invalid_date": said(
        "第 {line} 行「{column}」的“{value}”不是能识别的日期或时刻。",
        "Line {line}: '{value}' in '{column}' is not a date or time that can be read.",
        "写成 2026-10-05 或 2026-10-05 09:30:00, 或在映射中给出 format。",
        "Write 2026-10-05 or 2026-10-05 09:30:00, or give its format in the mapping.",
    ),
    "date_out_of_range": said(
        "第 {line} 行「{column}」的“{value}”年份不在 1900 至 2100 之间。",
        "Line {line}: the year of '{value}' in '{column}' is not between 1900 and 2100.",
        "更正年份。",
        "Correct the year.",
    ),
    "unknown_code": said(
        "第 {line} 行「{column}」的“{value}”不是允许的取值。",
        "Line {line}: '{value}' in '{column}' is not one of the values allowed.",
        "允许的取值: {known}; 别的写法请在映射的 values 中对应。",
        "Allowed: {known}; translate other spellings under values in the mapping.",
    ),
    "unknown_value": said(
        "第 {line} 行「{column}」的“{value}”在映射中没有对应, 而映射要求拒绝这样的值。",
        "Line {line}: '{value}' in '{column}' has no translation in the mapping, which refuses such values.",
        "在映射的 values 中补上, 或把 others 改为 keep。",
        "Add it under values in the mapping, or set others to keep.",
    ),
    "invalid_flag": said(
        "第 {line} 行「{column}」的“{value}”既不是“是”也不是“否”。",
        "Line {line}: '{value}' in '{column}' is neither yes nor no.",
        "写成 是/否 或 true/false, 或在映射中列出 true 与 false 的写法。",
        "Write yes/no or true/false, or list the words under true and false in the mapping.",
    ),
    "too_many_decimals": said(
        "第 {line} 行「{column}」的 {value} 小数超过 {scale} 位。",
        "Line {line}: {value} in '{column}' has more than {scale} decimals.",
        "若可以四舍五入, 在映射中写 round: true。",
        "If rounding is right, set round: true in the mapping.",
    ),
    "no_band": said(
        "第 {line} 行「{column}」的 {value} 不在映射给出的任何区间内。",
        "Line {line}: {value} in '{column}' lies in none of the mapping's bands.",
        "更正该值, 或补全映射的 bands。",
        "Correct the value, or complete the bands in the mapping.",
    ),
    "bad_encoding": said(
        "第 {line} 行「{column}」含有无法解码的字节。",
        "Line {line}: '{column}' holds bytes that can't be decoded.",
        "从来源系统重新导出该行, 或在映射中写明 encoding。",
        "Export the row again, or name the encoding in the mapping.",
    ),
    "code_too_long": said(
        "第 {line} 行「{column}」超过 {limit} 个字符, 不像代码。",
        "Line {line}: '{column}' has more than {limit} characters, too long for a code.",
        "核对列是否错位; 自由文本应映射到 text。",
        "Check whether columns have shifted; free text belongs in text.",
    ),
    "text_too_long": said(
        "第 {line} 行「{column}」超过 {limit} 个字符。",
        "Line {line}: '{column}' has more than {limit} characters.",
        "拆分或截短该文本。",
        "Split or shorten the text.",
    ),
    "control_character": said(
        "第 {line} 行「{column}」含有控制字符 (例如 NUL)。",
        "Line {line}: '{column}' holds control characters such as NUL.",
        "从来源系统重新导出该行。",
        "Export the row again from the source system.",
    ),
    "stray_bom": said(
        "第 {line} 行「{column}」里有字节顺序标记 (U+FEFF), 多因两个文件首尾拼接。",
        "Line {line}: a byte order mark (U+FEFF) stands inside '{column}', usually because files were joined.",
        "分别导入各个文件, 或删去该标记。",
        "Import the files one by one, or delete the mark.",
    ),
    "wrong_field_count": said(
        "第 {line} 行有 {found} 个字段, 应为 {expected} 个。",
        "Line {line} has {found} fields instead of {expected}.",
        "检查该行的分隔符与引号。",
        "Check the delimiters and quotes of the line.",
    ),
    "unclosed_quote": said(
        "第 {line} 行的引号没有闭合。",
        "Line {line}: a quote is opened and never closed.",
        "补上引号, 或把字段内的引号写成两个。",
        "Close the quote, or double the quotes inside the field.",
    ),
    "invalid_json": said(
        "第 {line} 行不是一个 JSON 对象。",
        "Line {line} is not a JSON object.",
        "每行写一个完整的 {{…}} 对象。",
        "Write one whole {{…}} object on each line.",
    ),
    "record_too_large": said(
        "第 {line} 行超过 {limit} 字节。",
        "Line {line} has more than {limit} bytes.",
        "检查该行是否缺少换行。",
        "Check whether a line break is missing.",
    ),
    "event_outside_trace": said(
        "第 {line} 行的事件不在任何 trace 之内, 不知属于哪个案件。",
        "Line {line}: an event stands outside every trace, so its case is unknown.",
        "把事件放进其案件的 <trace> 内。",
        "Put the event into the <trace> of its case.",
    ),
    "personal_data_in_code": said(
        "「{column}」有 {count} 个值像证件号、银行卡号、手机号或邮箱, 已脱敏 (首见于第 {line} 行)。",
        "{count} values in '{column}' look like resident ids, cards, mobiles or e-mail addresses and were masked (first on line {line}).",
        "核对映射: 个人标识应映射到客户或员工列。",
        "Check the mapping: identifiers of persons belong in the customer or staff column.",
    ),
    "column_unused": said(
        "文件的列「{column}」没有用到 (最接近的是「{near}」)。",
        "The file's column '{column}' is not used (nearest: '{near}').",
        "若应导入, 改成该列名, 或写一个映射。",
        "If it should be imported, rename it, or write a mapping.",
    ),
    "rows_filtered": said(
        "按映射的 only, 有 {count} 行因「{column}」未导入 (首见于第 {line} 行)。",
        "{count} rows were left out because of '{column}', as only in the mapping asks (first on line {line}).",
        "若不应排除, 修改映射的 only。",
        "If they should count, change only in the mapping.",
    ),
}
