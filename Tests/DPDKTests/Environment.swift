// SPDX-License-Identifier: BSD-3-Clause
import Bench

typealias Running = Bench.Running
typealias Environment = Bench.Environment
