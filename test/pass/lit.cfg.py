# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Run once per LLVM: lit -D llvm=MAJOR -D bin=DIR -D lib=DIR -D include=DIR -D scratch=DIR
import os

import lit.formats

param = lit_config.params
config.name = "pass-" + param["llvm"]
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".ll"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = param["scratch"]
config.environment["PATH"] = param["bin"] + os.pathsep + os.environ["PATH"]
config.available_features.add("llvm-" + param["llvm"])

lib = param["lib"]
config.substitutions += [
    ("%clangxx", param["bin"] + "/clang++"),
    ("%clang", param["bin"] + "/clang"),
    ("%coverage-tls", f"@{lib}/coverage-tls.flags"),
    ("%coverage", f"@{lib}/coverage.flags"),
    ("%race-stub", f"-I{param['include']} -I{config.test_source_root}/Inputs {config.test_source_root}/Inputs/stub_race.c"),
    ("%race", f"@{lib}/race.flags"),
    ("%all", f"@{lib}/all.flags"),
    ("%loader", lib + "/coverage.so"),
    ("%stub", f"-I{param['include']} {config.test_source_root}/Inputs/stub_runtime.c"),
    ("%inputs", config.test_source_root + "/Inputs"),
]
