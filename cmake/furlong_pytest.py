# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""furlong_pytest.py: what a test of pytest starts counts under the test's name.

    PYTHONPATH=PREFIX/lib/furlong/VERSION pytest -p furlong_pytest
"""
import os

import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    before = os.environ.get("FURLONG_LABEL")
    os.environ["FURLONG_LABEL"] = item.nodeid
    yield
    if before is None:
        os.environ.pop("FURLONG_LABEL", None)
    else:
        os.environ["FURLONG_LABEL"] = before
