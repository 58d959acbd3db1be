-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
-- The interpreter's work: calls, tables, strings, closures, coroutines, sorting.
local rounds = tonumber(arg[1]) or 1

local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end

local function sieve(n)
  local composite, count = {}, 0
  for i = 2, n do
    if not composite[i] then
      count = count + 1
      for j = i * i, n, i do composite[j] = true end
    end
  end
  return count
end

local function words(n)
  local seen, out = {}, {}
  for i = 1, n do
    local word = ("w%d"):format(i * 7919 % 1000)
    seen[word] = (seen[word] or 0) + 1
    if i % 100 == 0 then out[#out + 1] = word:upper():reverse() end
  end
  table.sort(out)
  return #table.concat(out, ",")
end

local function produce(n)
  return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end)
end

local sum = 0
for _ = 1, rounds do
  sum = sum + fib(25) + sieve(200000) + words(60000)
  for i in produce(50000) do sum = sum + i end
end
print(sum)
