"""What went wrong, why and what to do: one sentence per error code, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hengzhi.core import HengzhiError, Text
from hengzhi.lake.problems import PROBLEMS
from hengzhi.lake.sentences import filled


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its remedy with ``{placeholders}``, and the HTTP status that goes with them."""

    what: Text
    remedy: Text
    status: int = 400


@dataclass(frozen=True, slots=True)
class Told:
    """An error as a person reads it."""

    code: str
    what: str
    remedy: str
    status: int
    fields: Mapping[str, Any]


MESSAGES: dict[str, Message] = {
    "invalid_period": Message(
        Text("“{text}”不是期间。", "'{text}' is not a period."),
        Text("写成 2026-10、2026Q4 或 2026；多个月写成 2026-01..2026-10。", "Write 2026-10, 2026Q4 or 2026; a span as 2026-01..2026-10."),
    ),
    "unknown_key": Message(
        Text("没有名为“{key}”的{what}。", "There is no {what} '{key}'."),
        Text("您要找的可能是：{near}", "Did you mean: {near}"),
        404,
    ),
    "invalid_mapping": Message(
        Text("映射文件 {source} 有误：{problems}", "The mapping {source} has faults: {problems}"),
        Text("按所列行号修改后重试。", "Mend the listed lines and try again."),
        422,
    ),
    "invalid_policy": Message(
        Text("政策文件 {source} 有误：{problems}", "The policy {source} has faults: {problems}"),
        Text("按所列行号修改后重试。", "Mend the listed lines and try again."),
        422,
    ),
    "policy_missing": Message(
        Text("找不到政策文件 {path}。", "The policy {path} is missing."),
        Text("从备份恢复，或重新运行 hengzhi init。", "Restore it from a backup, or run hengzhi init again."),
    ),
    "workspace_missing": Message(
        Text("{root} 及其上级目录中没有工作区。", "There is no workspace in {root} or above it."),
        Text("用 -C 目录指定，或运行 hengzhi -C 目录 init。", "Name one with -C DIR, or make one with hengzhi -C DIR init."),
        404,
    ),
    "workspace_exists": Message(
        Text("{root} 已是工作区。", "{root} is a workspace already."),
        Text("直接使用，或换一个目录。", "Use it, or choose another folder."),
        409,
    ),
    "workspace_invalid": Message(
        Text("工作区 {root} 不能使用：{reason}", "The workspace {root} can't be used: {reason}"),
        Text("改正 hengzhi.toml，或从备份恢复。", "Mend hengzhi.toml, or restore it from a backup."),
    ),
    "database_newer": Message(
        Text("数据库由更新的版本写成（{migrations}）。", "The database was written by a newer version ({migrations})."),
        Text("安装新版本后再用。", "Install the newer version."),
        409,
    ),
    "wrong_database": Message(
        Text("数据库属于另一个工作区（{database}）。", "The database belongs to another workspace ({database})."),
        Text("检查 DATABASE_URL，或用正确的工作区。", "Check DATABASE_URL, or use the right workspace."),
        409,
    ),
    "import_running": Message(
        Text("{name} 正在由另一个进程导入。", "{name} is being imported by another process."),
        Text("等它完成后再试。", "Wait for it and try again."),
        409,
    ),
    "lease_lost": Message(
        Text("{name} 的导入已被另一个进程接管。", "The import of {name} was taken over by another process."),
        Text("查看批次列表；需要时重新导入。", "Look at the list of batches; import again if need be."),
        409,
    ),
    "unit_file_missing": Message(
        Text("找不到机构文件 {path}。", "There is no file of units {path}."),
        Text("检查路径。", "Check the path."),
        404,
    ),
    "file_missing": Message(
        Text("找不到文件 {path}。", "There is no file {path}."),
        Text("检查路径。", "Check the path."),
        404,
    ),
    "upload_too_large": Message(
        Text("文件大于 {limit} MB，网页不接收。", "The file is larger than {limit} MB, more than the site takes."),
        Text(
            "拆成较小的文件，或在服务器上运行 hengzhi import 表 文件。",
            "Split it, or run hengzhi import TABLE FILE on the server.",
        ),
        413,
    ),
    "upload_empty": Message(
        Text("{name} 是空文件。", "{name} is empty."),
        Text("重新导出后再上传。", "Export it again, then upload it."),
        422,
    ),
    "spreadsheet_refused": Message(
        Text("{name} 是电子表格工作簿，暂不支持直接读取，以后的版本会支持。", "{name} is a workbook; reading these directly comes later."),
        Text(
            "在 Excel 或 WPS 中“另存为”CSV UTF-8（逗号分隔），每张工作表存一个文件，再上传。",
            "In Excel or WPS choose Save As, CSV UTF-8 (comma delimited), one file per sheet, and upload that.",
        ),
        422,
    ),
    "archive_refused": Message(
        Text(
            "{name} 是压缩包或工作簿，暂不支持直接读取，以后的版本会支持。",
            "{name} is an archive or a workbook; reading these comes later.",
        ),
        Text(
            "解压后逐个上传；工作簿请另存为 CSV UTF-8。单个文件可以用 gzip（.csv.gz）压缩。",
            "Unpack it and upload the files one by one; save a workbook as CSV UTF-8. A single file may be packed by gzip (.csv.gz).",
        ),
        422,
    ),
    "ending_refused": Message(
        Text("不接收 {name} 这种文件。", "Files such as {name} are not taken."),
        Text("可用的后缀：{known}，可加 .gz。", "Endings taken: {known}, each perhaps with .gz."),
        422,
    ),
    "uploads_pending": Message(
        Text("您尚未处理的上传已超过 {limit} MB。", "Your unfinished uploads exceed {limit} MB."),
        Text("先确认导入或取消下面所列的文件。", "Import or cancel those listed below first."),
        422,
    ),
    "too_many_months": Message(
        Text(
            "该批次涉及 {count} 个月，网页中一次最多评估 {most} 个月。",
            "The batch has {count} months; at most {most} are assessed while the browser waits.",
        ),
        Text("在服务器上运行：{command}", "Run on the server: {command}"),
        422,
    ),
    "too_much_at_once": Message(
        Text("{name} 太大，不能在网页中等待导入。", "{name} is too large to be imported while the browser waits."),
        Text("在服务器上运行：{command}", "Run on the server: {command}"),
        422,
    ),
    "fact_file_damaged": Message(
        Text("事实文件 {path} 已损坏（{reason}）。", "The fact file {path} is damaged ({reason})."),
        Text("从备份恢复该文件；其余数据不受影响。", "Restore this file from a backup; other data are unaffected."),
        500,
    ),
    "too_many_observations": Message(
        Text("将产生 {count} 条观测，超过政策上限 {cap}。", "There would be {count} observations, more than the policy's cap of {cap}."),
        Text("减少指标的切分，或提高上限。", "Use fewer cuts, or raise the cap."),
        422,
    ),
    "not_replayable": Message(
        Text("运行 {run} 所用的指标公式已变更：{indicators}", "Formulas used by run {run} have changed since: {indicators}"),
        Text("用当时的版本重算。", "Replay it with the version of that time."),
        409,
    ),
    "replay_differs": Message(
        Text(
            "重算结果与运行 {run} 不同：存 {stored}，算 {computed}。",
            "Run {run} computed again differs: stored {stored}, computed {computed}.",
        ),
        Text(
            "记录被改动，或代码版本不同（当时 {code_then}，现在 {code_now}）。",
            "Records were changed, or the code is another (then {code_then}, now {code_now}).",
        ),
        409,
    ),
    "log_missing": Message(
        Text("没有名为“{log}”的事件日志。", "There is no event log '{log}'."),
        Text("已导入的有：{known}", "Imported are: {known}"),
        404,
    ),
    "invalid_scope": Message(
        Text("“{text}”不是范围。", "'{text}' is not a scope."),
        Text("写成 unit=0110;channel=phone；全行留空。", "Write unit=0110;channel=phone; leave it empty for the whole institution."),
    ),
    "invalid_formula": Message(
        Text("公式与表不符：{fields}", "The formula does not fit its table: {fields}"),
        Text("检查列名、运算和值。", "Check columns, operations and values."),
        422,
    ),
    "invalid_numbers": Message(
        Text("数值不可用：{reason}", "The numbers can't be used: {reason}"),
        Text("检查输入。", "Check the input."),
        422,
    ),
    "audit_broken": Message(
        Text("审计链在第 {position} 条（{uid}）断开：{reason}", "The audit chain breaks at entry {position} ({uid}): {reason}"),
        Text(
            "保留现场，与导出的锚点核对，并从备份查明原值。",
            "Keep everything as it is, compare with exported anchors, and look up the entry in a backup.",
        ),
        500,
    ),
    "forbidden": Message(
        Text("您没有做这件事的权限（{permission}）。", "You hold no role that allows this ({permission})."),
        Text("请向安全管理员申请所需角色。", "Ask the security administrator for a role that does."),
        403,
    ),
    "grant_refused": Message(
        Text("角色 {role} 不能这样授予或收回（{reason}）。", "The role {role} can't be given or withdrawn so ({reason})."),
        Text(
            "不能授予自己、不能重复授予；结束日期须晚于开始日期；限时角色必须有结束日期。",
            "Nobody gives to themselves or twice; the end lies after the start; a time-boxed role needs an end.",
        ),
        422,
    ),
    "unit_conflicts": Message(
        Text("{count} 个机构与现有机构树不同：{units}", "{count} units differ from the tree as it is: {units}"),
        Text(
            "用 --on-conflict update 按文件更新，或用 skip 保留现状。",
            "Use --on-conflict update to follow the file, or skip to keep what is.",
        ),
        409,
    ),
    "unit_ring": Message(
        Text("机构 {unit} 在 {day} 会成为自己的上级。", "On {day} the unit {unit} would stand above itself."),
        Text("改正上级机构后重新导入。", "Correct the parents and import again."),
        422,
    ),
    "person_refused": Message(
        Text("用户 {username} 不能这样新建或更改（{reason}）。", "The person {username} can't be added or changed so ({reason})."),
        Text(
            "用户名须唯一，只含字母、数字和 @.+-_；不能停用自己。",
            "User names are unique, of letters, digits and @.+-_; nobody disables themselves.",
        ),
        422,
    ),
    "code_refused": Message(
        Text("验证码不对、已用过，或错误次数过多。", "The code is wrong, was used, or there were too many wrong ones."),
        Text("等下一个验证码；连错五次须等十五分钟。", "Wait for the next one; after five wrong ones wait a quarter of an hour."),
        422,
    ),
    "seal_broken": Message(
        Text("加密保存的密钥无法打开。", "A sealed secret can't be opened."),
        Text("恢复工作区 secrets 目录中的原密钥。", "Restore the workspace's own keys in secrets/."),
        500,
    ),
    "roles_apart": Message(
        Text("角色 {role} 与 {other} 必须由不同的人担任。", "The roles {role} and {other} must lie in different hands."),
        Text("先收回其中一个，再授予另一个。", "Withdraw one before giving the other."),
        422,
    ),
    "first_login_spent": Message(
        Text("这个一次性登录地址已使用或已过期。", "This one-time address was used or has run out."),
        Text("在控制台运行 hengzhi first-login 取得新的地址。", "Run hengzhi first-login on the console for a new one."),
        410,
    ),
    "outside_calendar": Message(
        Text("从 {start} 起的期限超出日历。", "The limit from {start} runs past the calendar."),
        Text("检查日期与天数。", "Check the day and the length."),
        422,
    ),
    "stale_record": Message(
        Text(
            "记录 {uid} 已被他人修改（您读到的是第 {version} 版）。",
            "Record {uid} was changed by somebody else (you read version {version}).",
        ),
        Text("重新读取后再修改。", "Read it again, then change it."),
        412,
    ),
    "rule_not_in_force": Message(
        Text("时限规则 {rule} 在 {on} 不生效或已停用。", "The clock rule {rule} does not hold on {on}, or is disabled."),
        Text("用 hengzhi clock rules 查看规则的有效期。", "See the rules and their dates with hengzhi clock rules."),
        409,
    ),
    "approval_needed": Message(
        Text("需要 {by} 以外的人批准。", "Somebody other than {by} must approve."),
        Text("请另一人批准后再办。", "Have another person approve it."),
        403,
    ),
    "clock_refused": Message(
        Text("时限 {uid} 现在不能这样做（{state}：{reason}）。", "Clock {uid} can't do that now ({state}: {reason})."),
        Text("查看该时限的状态与规则。", "Look at its state and its rule."),
        409,
    ),
    "happening_closed": Message(
        Text("事件 {uid} 已关闭，不再接收记录。", "Happening {uid} is closed and takes no more entries."),
        Text("另报一个新的事件。", "Report a new one."),
        409,
    ),
    "finding_refused": Message(
        Text("{uid} 现在不能这样做（{state}：{reason}）。", "{uid} can't do that now ({state}: {reason})."),
        Text(
            "关闭发现须先完成措施，并由责任人以外的人核验有效；效果问题须在措施开始前确定。",
            "To close a finding, finish its actions and let somebody other than their owner find one effective; "
            "fix the question of effect before an action starts.",
        ),
        409,
    ),
    "ledger_invalid": Message(
        Text("台账 {file} 读不出，或缺少列：{columns}", "The ledger {file} can't be read, or lacks columns: {columns}"),
        Text("用 hengzhi finding export 导出的文件修改后再读回。", "Change a file written by hengzhi finding export."),
        422,
    ),
    "disk_failed": Message(
        Text(
            "磁盘或文件出错（{path}）：{reason}。没有留下半份数据。",
            "The disk or a file failed ({path}): {reason}. Nothing was left half done.",
        ),
        Text(
            "检查磁盘空间、权限与挂载，然后重试同一命令；不必清理。",
            "Look at space, permissions and mounts, then repeat the command; nothing needs cleaning up.",
        ),
        503,
    ),
    "memory_exhausted": Message(
        Text("超出工作区允许的内存（{limit}）。", "The work does not fit into the memory allowed ({limit})."),
        Text("调高 hengzhi.toml 的 memory 或 HENGZHI_MEMORY。", "Raise memory in hengzhi.toml, or HENGZHI_MEMORY."),
        503,
    ),
    "database_unavailable": Message(
        Text("数据库没有应答或拒绝：{reason}", "The database does not answer or refused: {reason}"),
        Text("检查数据库是否运行、地址是否正确，稍后重试。", "See whether it runs and its address is right, then try again."),
        503,
    ),
    "invalid_day": Message(
        Text("“{text}”不是日期。", "'{text}' is not a day."),
        Text("写成 2026-10-31。", "Write 2026-10-31."),
    ),
    "demo_not_found": Message(
        Text("此工作区不是示例机构。", "This workspace is not the demo institution."),
        Text("换一个空目录运行 hengzhi -C 目录 demo。", "Run hengzhi -C DIR demo in an empty folder."),
        409,
    ),
}


# What an unknown key was looked for among, in the reader's words.
KINDS: dict[str, Text] = {
    "table": Text("事实表", "fact table"),
    "mapping": Text("映射", "mapping"),
    "indicator": Text("指标", "indicator"),
    "batch": Text("批次", "batch"),
    "upload": Text("待导入的上传", "waiting upload"),
    "problems_file": Text("问题清单", "problems file"),
    "run": Text("运行", "run"),
    "record": Text("记录", "record"),
    "clock": Text("时限", "clock"),
    "clock_rule": Text("时限规则", "clock rule"),
    "clock_state": Text("时限状态", "clock state"),
    "finding": Text("发现", "finding"),
    "finding_state": Text("发现状态", "finding state"),
    "action": Text("措施", "action"),
    "effect_check": Text("效果核验", "effect check"),
    "happening_kind": Text("事件种类", "kind of happening"),
    "impact_measure": Text("影响的度量", "measure of impact"),
    "basel_class": Text("巴塞尔事件类型", "Basel event type"),
}


def tell(error: HengzhiError, language: str) -> Told:
    """The error in the reader's language; a file's reason has its own sentence."""
    fields = {**error.fields, "fields": ", ".join(f"{k}={v}" for k, v in error.fields.items())}
    if error.code == "unknown_key":
        fields["what"] = KINDS.get(fields["what"], Text(fields["what"], fields["what"])).in_(language)
    if error.code == "invalid_file" and fields.get("reason") in PROBLEMS:
        found = PROBLEMS[str(fields["reason"])]
        return Told(
            str(fields["reason"]), filled(found.message, language, fields), filled(found.remedy, language, fields), 422, error.fields
        )
    message = MESSAGES.get(error.code, Message(Text("{fields}", "{fields}"), Text("", "")))
    remedy = "" if error.code == "unknown_key" and not fields.get("near") else filled(message.remedy, language, fields)
    return Told(error.code, filled(message.what, language, fields), remedy, message.status, error.fields)
