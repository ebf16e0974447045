import { LATE } from "../sql/schema.ts";
import { defineScript } from "./connect.ts";

/*
 * leases: running leases by their end. late: those that are over, by when they are forgotten. lease:<id>: a hold's key to its bucket,
 * amount and bucket's end. counter:<key>: u<bucket>, what is settled, and r<bucket>, what is reserved. ends: buckets by their end.
 */

/** Before anything else what is over by the caller's clock is ended, so that all numbers stand for what runs. */
const PRELUDE = `
local P, now = ARGV[1], tonumber(ARGV[2])
local function whole(number) return string.format('%.0f', number) end
local function unhold(key, hold)
  local bucket, amount = string.match(hold, '^(%S+) (%S+)')
  if amount == '0' then return end
  local counter = P .. 'counter:' .. key
  if redis.call('HINCRBY', counter, 'r' .. bucket, '-' .. amount) <= 0 then redis.call('HDEL', counter, 'r' .. bucket) end
end
local function unholdAll(id)
  local holds = redis.call('HGETALL', P .. 'lease:' .. id)
  for i = 1, #holds, 2 do unhold(holds[i], holds[i + 1]) end
end
local function due(name)
  local ended = redis.call('ZRANGEBYSCORE', P .. name, '-inf', ARGV[2], 'WITHSCORES')
  if #ended > 0 then redis.call('ZREMRANGEBYSCORE', P .. name, '-inf', ARGV[2]) end
  return ended
end
local ended = due('leases')
for i = 1, #ended, 2 do
  unholdAll(ended[i])
  redis.call('ZADD', P .. 'late', whole(tonumber(ended[i + 1]) + ${LATE}), ended[i])
end
ended = due('late')
for i = 1, #ended, 2 do redis.call('DEL', P .. 'lease:' .. ended[i]) end
ended = due('ends')
for i = 1, #ended, 2 do
  local bucket, key = string.match(ended[i], '^(%S+) (.*)$')
  redis.call('HDEL', P .. 'counter:' .. key, 'u' .. bucket, 'r' .. bucket)
end
local function state(key, from)
  local used, reserved, buckets = 0, 0, {}
  local fields = redis.call('HGETALL', P .. 'counter:' .. key)
  for i = 1, #fields, 2 do
    local start, amount = string.sub(fields[i], 2), tonumber(fields[i + 1])
    if tonumber(start) >= from then
      if string.sub(fields[i], 1, 1) == 'r' then reserved = reserved + amount
      else
        used = used + amount
        buckets[#buckets + 1] = start
        buckets[#buckets + 1] = fields[i + 1]
      end
    end
  end
  return used, reserved, buckets
end
`;

/** Words: now, lease, its end, then of each hold key, bucket, from, end, amount, limit. Answers nothing, or what did not fit. */
export const RESERVE = defineScript(`${PRELUDE}
for i = 5, #ARGV, 6 do
  if ARGV[i + 5] ~= '' then
    local used, reserved, buckets = state(ARGV[i], tonumber(ARGV[i + 2]))
    if used + reserved + tonumber(ARGV[i + 4]) > tonumber(ARGV[i + 5]) then
      return { whole((i - 5) / 6), whole(reserved), unpack(buckets) }
    end
  end
end
for i = 5, #ARGV, 6 do
  local key, bucket, ends, amount = ARGV[i], ARGV[i + 1], ARGV[i + 3], ARGV[i + 4]
  if amount ~= '0' then redis.call('HINCRBY', P .. 'counter:' .. key, 'r' .. bucket, amount) end
  redis.call('HSET', P .. 'lease:' .. ARGV[3], key, bucket .. ' ' .. amount .. ' ' .. ends)
  if ends ~= '' then redis.call('ZADD', P .. 'ends', ends, bucket .. ' ' .. key) end
end
redis.call('ZADD', P .. 'leases', ARGV[4], ARGV[3])
return {}`);

/** Words: now, lease, then of each charge key and amount. */
export const SETTLE = defineScript(`${PRELUDE}
local lease = P .. 'lease:' .. ARGV[3]
local runs = redis.call('ZSCORE', P .. 'leases', ARGV[3])
for i = 4, #ARGV, 2 do
  local hold = redis.call('HGET', lease, ARGV[i])
  if hold then
    if runs then unhold(ARGV[i], hold) end
    local bucket, ends = string.match(hold, '^(%S+) %S+ (%S*)$')
    if (ends == '' or tonumber(ends) > now) and ARGV[i + 1] ~= '0' then
      redis.call('HINCRBY', P .. 'counter:' .. ARGV[i], 'u' .. bucket, ARGV[i + 1])
    end
    redis.call('HDEL', lease, ARGV[i])
  end
end
if redis.call('EXISTS', lease) == 0 then
  redis.call('ZREM', P .. 'leases', ARGV[3])
  redis.call('ZREM', P .. 'late', ARGV[3])
end`);

/** Words: now, lease. */
export const RELEASE = defineScript(`${PRELUDE}
if redis.call('ZREM', P .. 'leases', ARGV[3]) == 1 then unholdAll(ARGV[3]) end
redis.call('ZREM', P .. 'late', ARGV[3])
redis.call('DEL', P .. 'lease:' .. ARGV[3])`);

/** Words: now, the new end, leases. */
export const RENEW = defineScript(`${PRELUDE}
for i = 4, #ARGV do
  local score = redis.call('ZSCORE', P .. 'leases', ARGV[i])
  if score and tonumber(score) < tonumber(ARGV[3]) then redis.call('ZADD', P .. 'leases', ARGV[3], ARGV[i]) end
end`);

/** Words: now, then of each question key and from. Answers used and reserved of each. */
export const COUNTERS = defineScript(`${PRELUDE}
local answer = {}
for i = 3, #ARGV, 2 do
  local used, reserved = state(ARGV[i], tonumber(ARGV[i + 1]))
  answer[#answer + 1] = whole(used)
  answer[#answer + 1] = whole(reserved)
end
return answer`);

/** Words: now, key, value with its end, milliseconds to keep it or nothing. Answers 0 when there was one. */
export const SET_ONCE = defineScript(`
local key = ARGV[1] .. 'value:' .. ARGV[3]
local found = redis.call('GET', key)
if found then
  local ends = string.match(found, '^(%d*)')
  if ends == '' or tonumber(ends) > tonumber(ARGV[2]) then return 0 end
end
if ARGV[5] == '' then redis.call('SET', key, ARGV[4]) else redis.call('SET', key, ARGV[4], 'PX', ARGV[5]) end
return 1`);

/** Words: of each entry its place, its id and itself. */
export const APPEND = defineScript(`
for i = 2, #ARGV, 3 do
  if redis.call('HSETNX', ARGV[1] .. 'entries', ARGV[i + 1], ARGV[i + 2]) == 1 then redis.call('ZADD', ARGV[1] .. 'log', 0, ARGV[i]) end
end`);

/** Words: the first place that stays, how many to remove at most, where ids begin in a place. Answers how many went. */
export const PRUNE = defineScript(`
local places = redis.call('ZRANGE', ARGV[1] .. 'log', '-', '(' .. ARGV[2], 'BYLEX', 'LIMIT', 0, ARGV[3])
for _, place in ipairs(places) do
  redis.call('ZREM', ARGV[1] .. 'log', place)
  redis.call('HDEL', ARGV[1] .. 'entries', string.sub(place, ARGV[4]))
end
return #places`);
