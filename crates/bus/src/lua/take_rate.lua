-- Takes some from a bucket that fills evenly. The key holds when the bucket is full again, and lives until then.
-- KEYS[1]  the bucket: an instant in ms of Redis' own time
-- ARGV[1]  after how many ms one more is allowed
-- ARGV[2]  how many are allowed at once
-- ARGV[3]  how many are taken: all of them, or none
-- Reply    0 if it was allowed, else how many ms are left until it is
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local refill = tonumber(ARGV[1])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + refill * ARGV[3]
local over = full_at - now - refill * ARGV[2]
if over > 0 then
  return over
end
redis.call('SET', KEYS[1], full_at, 'PXAT', full_at)
return 0
