"""The policy in force: YAML files of the workspace, judged whole."""

from __future__ import annotations

from hengzhi.core import HengzhiError
from hengzhi.engine.catalogue import Catalogue
from hengzhi.engine.policy import Policy, read_policy
from hengzhi.lake.workspace import Workspace


class PolicyMissing(HengzhiError):
    """The workspace has no policy/policy.yaml."""

    code = "policy_missing"


def current_policy(workspace: Workspace, catalogue: Catalogue) -> Policy:
    """The policy of the workspace.

    Raises:
        PolicyMissing: there is none.
        InvalidPolicy: with file and line of every problem.
    """
    path = workspace.root / "policy" / "policy.yaml"
    if not path.is_file():
        raise PolicyMissing(path=str(path))
    return read_policy(path.read_text(encoding="utf-8"), catalogue, "policy/policy.yaml")
