package redisbus

import "github.com/redis/go-redis/v9"

// recordsHead begins the scripts of records. Numbers of microseconds stay exact
// as floats until the year 2255.
const recordsHead = `
local values, versions, untils, names, order, kind = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local t = redis.call('TIME')
local micros = t[1] * 1000000 + t[2]
local now = math.floor(micros / 1000)
local function whole(n) return string.format('%.0f', n) end
local function lives(id)
  local till = redis.call('ZSCORE', untils, id)
  return till and tonumber(till) > now
end
local function last(ttl)
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < ttl then redis.call('PEXPIRE', key, whole(2 * ttl)) end
  end
end
local function begin()
  if redis.call('HSETNX', kind, 'epoch', whole(micros)) == 1 then
    redis.call('HSET', kind, 'seq', whole(micros))
    redis.call('PEXPIRE', kind, 86400000)
  end
end
`

// writeScript checks all before it changes anything. ARGV: the term, the bound, how many records; for
// each its id, version, time to live, value, how many names, and these.
var writeScript = redis.NewScript(recordsHead + `
local function forget(id)
  local meta = redis.call('HGET', versions, id)
  if meta then
    for _, name in ipairs(cmsgpack.unpack(meta)[2]) do
      if redis.call('HGET', names, name) == id then redis.call('HDEL', names, name) end
    end
  end
  redis.call('HDEL', values, id)
  redis.call('HDEL', versions, id)
  redis.call('ZREM', untils, id)
  redis.call('ZREM', order, id)
end
begin()
if ARGV[1] ~= '0' and redis.call('HGET', kind, 'term') ~= ARGV[1] then return {'deposed'} end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', untils, '-inf', now, 'LIMIT', 0, 100)) do forget(id) end
local all, writes, at = {}, {}, 4
for i = 1, tonumber(ARGV[3]) do
  local r = {id = ARGV[at], version = tonumber(ARGV[at + 1]), ttl = tonumber(ARGV[at + 2]), value = ARGV[at + 3], names = {}}
  at = at + 5
  for n = 1, tonumber(ARGV[at - 1]) do
    r.names[n] = ARGV[at]
    at = at + 1
  end
  all[i] = r
  writes[r.id] = true
end
local fresh, same = 0, 0
for _, r in ipairs(all) do
  local meta = lives(r.id) and redis.call('HGET', versions, r.id)
  local version = meta and cmsgpack.unpack(meta)[1] or 0
  if version == 0 and r.ttl <= 0 or version ~= 0 and version == r.version and redis.call('HGET', values, r.id) == r.value then
    same = same + 1
  elseif version + 1 ~= r.version then
    return {'stale'}
  elseif version == 0 then
    fresh = fresh + 1
  end
end
if same == #all then return {'ok'} end
if same > 0 then return {'stale'} end
for _, r in ipairs(all) do
  for _, name in ipairs(r.names) do
    local id = redis.call('HGET', names, name)
    if id and not writes[id] and lives(id) then return {'held', name, id} end
  end
end
if fresh > 0 and redis.call('HLEN', values) + fresh > tonumber(ARGV[2]) then return {'full'} end
for _, r in ipairs(all) do forget(r.id) end
local seq = math.max(tonumber(redis.call('HGET', kind, 'seq')), micros)
local ttl = 0
for _, r in ipairs(all) do
  if r.ttl > 0 then
    seq = seq + 1
    redis.call('HSET', values, r.id, r.value)
    redis.call('HSET', versions, r.id, cmsgpack.pack({r.version, r.names}))
    redis.call('ZADD', untils, now + r.ttl, r.id)
    redis.call('ZADD', order, whole(seq), r.id)
    for _, name in ipairs(r.names) do redis.call('HSET', names, name, r.id) end
    ttl = math.max(ttl, r.ttl)
  end
end
redis.call('HSET', kind, 'seq', whole(seq))
redis.call('HINCRBY', kind, 'count', 1)
if ttl > 0 then last(ttl) end
return {'ok'}`)

var readScript = redis.NewScript(recordsHead + `
local out = {}
for _, id in ipairs(ARGV) do
  if lives(id) then
    out[#out + 1] = id
    out[#out + 1] = whole(cmsgpack.unpack(redis.call('HGET', versions, id))[1])
    out[#out + 1] = redis.call('HGET', values, id)
  end
end
return out`)

var namedScript = redis.NewScript(recordsHead + `
local id = redis.call('HGET', names, ARGV[1])
if not id or not lives(id) then return {} end
return {id, whole(cmsgpack.unpack(redis.call('HGET', versions, id))[1]), redis.call('HGET', values, id)}`)

var writtenScript = redis.NewScript(recordsHead + `
local got = redis.call('ZRANGEBYSCORE', order, '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local out = {ARGV[1], redis.call('HGET', kind, 'epoch') or '0', redis.call('HGET', kind, 'count') or '0'}
for i = 1, #got, 2 do
  if lives(got[i]) then out[#out + 1] = got[i] end
  out[1] = whole(tonumber(got[i + 1]))
end
return out`)

// renewScript's ARGV: the epoch and the count that were seen.
var renewScript = redis.NewScript(recordsHead + `
if redis.call('HGET', kind, 'epoch') == ARGV[1] and tonumber(redis.call('HGET', kind, 'count') or 0) < tonumber(ARGV[2]) then
  for _, key in ipairs(KEYS) do redis.call('DEL', key) end
  begin()
end
return 'ok'`)

var leadScript = redis.NewScript(recordsHead + `
begin()
local leader, till, term = unpack(redis.call('HMGET', kind, 'leader', 'till', 'term'))
local ttl = tonumber(ARGV[2])
local holds = till and tonumber(till) > now
if holds and leader ~= ARGV[1] or ttl <= 0 and leader ~= ARGV[1] then return '' end
if not holds and ttl > 0 then
  term = whole(math.max(tonumber(term or 0) + 1, micros))
  redis.call('HSET', kind, 'leader', ARGV[1], 'term', term)
end
redis.call('HSET', kind, 'till', whole(now + ttl))
redis.call('HINCRBY', kind, 'count', 1)
if redis.call('PTTL', kind) < 43200000 then redis.call('PEXPIRE', kind, 86400000) end
return term`)
