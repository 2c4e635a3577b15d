"""Writes what came of a run, as lines of JSON, to the file that PROME_SHARD_RESULT_FILE names.

The program that starts ansible-playbook reads the reason of a failure there: the text on the terminal
belongs to whatever stdout callback the user likes, and is no interface.
"""

from __future__ import (absolute_import, division, print_function)

import json
import os

from ansible.plugins.callback import CallbackBase

__metaclass__ = type

DOCUMENTATION = """
    name: prome_shard_result
    type: notification
    short_description: failed tasks and unreachable hosts as lines of JSON
    description:
      - Writes one line for each failed task and unreachable host to the file named by PROME_SHARD_RESULT_FILE,
        and at the end one with the number of hosts that the plays had.
      - With PROME_SHARD_RESULT_CONTENT set, also one line for each task that read a file with slurp.
      - Without PROME_SHARD_RESULT_FILE it does nothing.
"""

LONGEST = 4000


def reason(result):
    """The message of a result; of a loop, that of its first failed item; of a command, what it printed last."""
    for item in result.get('results') or []:
        if item.get('failed') or item.get('unreachable'):
            return reason(item)
    parts = [result.get('msg'), result.get('reason'), result.get('module_stderr'), result.get('stderr')]
    if result.get('censored'):
        parts = [result['censored']]
    return ': '.join(str(part).strip() for part in parts if part)[:LONGEST]


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'notification'
    CALLBACK_NAME = 'prome_shard_result'

    def __init__(self, *args, **kwargs):
        super(CallbackModule, self).__init__(*args, **kwargs)
        self.path = os.environ.get('PROME_SHARD_RESULT_FILE')
        self.with_content = bool(os.environ.get('PROME_SHARD_RESULT_CONTENT'))
        if not self.path:
            self.disabled = True

    def write(self, event, result, **fields):
        self.append(dict(event=event, task=result._task.get_name(), **fields))

    def append(self, line):
        with open(self.path, 'a') as lines:
            lines.write(json.dumps(line) + '\n')

    def v2_playbook_on_stats(self, stats):
        self.append(dict(event='end', hosts=len(stats.processed)))

    def v2_runner_on_failed(self, result, ignore_errors=False):
        if not ignore_errors:
            self.write('failed', result, msg=reason(result._result))

    def v2_runner_on_unreachable(self, result):
        self.write('unreachable', result, msg=reason(result._result))

    def v2_runner_on_ok(self, result):
        if self.with_content and 'encoding' in result._result:
            self.write('content', result, content=result._result.get('content', ''))
