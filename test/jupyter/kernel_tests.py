"""The tests that Jupyter offers to kernels, for dn2's kernel. Where they wait for a time, these wait for messages."""

import unittest

import jupyter_kernel_test
from jupyter_client.manager import KernelManager
from jupyter_kernel_test.msgspec_v5 import validate_message

jupyter_kernel_test.TIMEOUT = 120
# Ports that were free a moment ago can be another program's when the kernel opens them.
KernelManager.transport.default_value = "ipc"
BRIDGE = '(globalThis as any)[Symbol.for("dn2.kernel")]'


def patient(get_msg):
    """Messages are awaited for as long as a slow machine may need."""

    def get(*args, **kwargs):
        return get_msg(timeout=jupyter_kernel_test.TIMEOUT)

    return get


class DN2KernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "dn2"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oh")'
    completion_samples = [
        {"text": "Number.parseI", "matches": {"parseInt"}},
        {"text": "dn2.Rand", "matches": {"Random"}},
        {"text": "JSON.", "matches": {"parse", "stringify"}},
    ]
    complete_code_samples = ["1", "const x = 5;", "function f(): number {\n  return 1;\n}", "await Promise.resolve()"]
    incomplete_code_samples = ["function f() {", "const x = [1,", "`text", "/* comment"]
    invalid_code_samples = ["const const", "1 1", "}"]
    code_page_something = "dn2.Random?"
    code_generate_error = "throw new RangeError('no')"
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": "'a'.repeat(3)", "result": "'aaa'"},
        {"code": "[1, 2].map((x) => 2 * x)", "result": "[ 2, 4 ]"},
        {
            "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>bold</b>" }) })',
            "mime": "text/html",
            "result": "<b>bold</b>",
        },
    ]
    code_display_data = [
        {"code": f'{BRIDGE}.display({{ "text/plain": "shown" }})', "mime": "text/plain"},
        {"code": f'{BRIDGE}.display({{ "image/png": new Uint8Array(8) }})', "mime": "image/png"},
    ]
    code_history_pattern = "6?7*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "dn2.Random"
    code_clear_output = f"{BRIDGE}.clearOutput()"

    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = jupyter_kernel_test.start_new_kernel(kernel_name=cls.kernel_name, startup_timeout=120)
        cls.kc.iopub_channel.get_msg = patient(cls.kc.iopub_channel.get_msg)

    def flush_channels(self):
        """Receives everything up to the end of a request that the kernel answers after all earlier ones."""
        asked = self.kc.comm_info()
        for get, is_last in (
            (self.kc.get_shell_msg, lambda message: True),
            (self.kc.get_iopub_msg, lambda message: message["content"].get("execution_state") == "idle"),
        ):
            while True:
                message = get(timeout=jupyter_kernel_test.TIMEOUT)
                if message["msg_type"] != "iopub_welcome":
                    validate_message(message)
                if message["parent_header"].get("msg_id") == asked and is_last(message):
                    break


class DN2WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "dn2"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
