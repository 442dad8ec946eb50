"""What is said of files that can't be read as a whole: the reasons of InvalidFile."""

from __future__ import annotations

from collections.abc import Mapping

from hengzhi.lake.problems.text import ProblemText, said

FILES: Mapping[str, ProblemText] = {
    "empty_file": said("{source} 是空文件。", "{source} is empty.", "重新导出。", "Export it again."),
    "header_only": said(
        "{source} 只有表头, 没有数据。",
        "{source} has a header and no data.",
        "核对导出的期间与条件。",
        "Check the period and filters of the export.",
    ),
    "unknown_format": said(
        "不认识 {source} 的格式。",
        "The format of {source} is not known.",
        "支持 {known} (均可 .gz), 或在映射中写明 format。",
        "Known endings: {known} (all also .gz); or name the format in the mapping.",
    ),
    "unknown_encoding": said(
        "无法识别 {source} 的编码。",
        "The encoding of {source} can't be told.",
        "另存为 UTF-8, 或在映射中写明 encoding (utf-8、gb18030、utf-16、latin-1)。",
        "Save it as UTF-8, or name the encoding in the mapping (utf-8, gb18030, utf-16, latin-1).",
    ),
    "bom_contradicts": said(
        "{source} 以 UTF-8 的字节顺序标记开头, 内容却是 {found}。",
        "{source} starts with the byte order mark of UTF-8, but its text is {found}.",
        "删去文件最前的 3 个字节 (EF BB BF), 或另存为 UTF-8, 或在映射中写明 encoding: {found}。",
        "Delete the first 3 bytes (EF BB BF), or save it as UTF-8, or set encoding: {found} in the mapping.",
    ),
    "bom_in_header": said(
        "{source} 第 {line} 行的列名「{column}」里有字节顺序标记 (U+FEFF)。",
        "{source}, line {line}: a byte order mark (U+FEFF) stands inside the column name '{column}'.",
        "删去该标记; 它只能出现在文件最前, 且只能一次。",
        "Delete the mark: it may stand only once, at the very start of a file.",
    ),
    "not_text": said(
        "{source} 不是文本文件。", "{source} is not a text file.", "导出为 CSV 后再导入。", "Export it as CSV and import that."
    ),
    "broken_gzip": said(
        "{source} 不是完整的 gzip 文件。", "{source} is not a whole gzip file.", "重新压缩或重新传输。", "Compress or transfer it again."
    ),
    "too_large": said(
        "{source} 解压后超过 {limit} 字节。",
        "{source} unpacks to more than {limit} bytes.",
        "按月拆分后导入。",
        "Split it by month.",
    ),
    "too_compressed": said(
        "{source} 的压缩比超过 {limit} 倍, 可能是压缩炸弹, 已拒绝。",
        "{source} unpacks to more than {limit} times its size and is refused as a possible bomb.",
        "若确为正常数据, 解压后导入。",
        "If the data are genuine, unpack the file and import that.",
    ),
    "missing_column": said(
        "{source} 第 {line} 行没有列「{column}」(也可叫 {names}; 文件中最接近的是「{near}」)。",
        "{source}, line {line}: there is no column '{column}' (also called {names}; nearest in the file: '{near}').",
        "改正列名或映射; 文件中的列: {present}。",
        "Correct the name or the mapping; the file has: {present}.",
    ),
    "duplicate_column": said(
        "{source} 第 {line} 行的列名「{column}」出现了不止一次。",
        "{source}, line {line}: the column name '{column}' stands more than once.",
        "给各列不同的名字。",
        "Give each column a name of its own.",
    ),
    "too_many_columns": said(
        "{source} 第 {line} 行超过 {limit} 列。",
        "{source}, line {line}: there are more than {limit} columns.",
        "核对分隔符。",
        "Check the delimiter.",
    ),
    "record_too_long": said(
        "{source} 第 {line} 行超过 {limit} 字节仍未结束。",
        "{source}: line {line} does not end within {limit} bytes.",
        "核对该文件是否为逐行的文本。",
        "Check that the file is text with line breaks.",
    ),
    "xml_dtd_refused": said(
        "{source} 含有文档类型声明 (DTD) 或实体, 为安全起见已拒绝。",
        "{source} holds a document type declaration (DTD) or entities and is refused for safety.",
        "去掉 <!DOCTYPE …> 后导入。",
        "Remove <!DOCTYPE …> and import again.",
    ),
    "xml_malformed": said(
        "{source} 第 {line} 行不是合法的 XML ({said})。",
        "{source}, line {line}: not well-formed XML ({said}).",
        "重新导出; 文件可能被截断。",
        "Export it again; the file may have been cut off.",
    ),
    "xml_too_deep": said(
        "{source} 第 {line} 行的元素嵌套超过 {limit} 层。",
        "{source}, line {line}: elements are nested more than {limit} deep.",
        "核对文件是否为 XES。",
        "Check that the file is XES.",
    ),
    "not_xes": said(
        "{source} 不是 XES: 根元素是 {root} 而不是 log。",
        "{source} is not XES: its root is {root}, not log.",
        "导出为 XES (IEEE 1849) 或 CSV。",
        "Export it as XES (IEEE 1849) or CSV.",
    ),
    "parquet_unreadable": said(
        "{source} 不是可读的 Parquet 文件。", "{source} is not a readable Parquet file.", "重新导出。", "Export it again."
    ),
    "unsupported_type": said(
        "{source} 的列「{column}」的类型 {type} 不能导入。",
        "{source}: the type {type} of column '{column}' can't be imported.",
        "导出为文本、数字、日期或时刻。",
        "Export it as text, number, date or time.",
    ),
}
