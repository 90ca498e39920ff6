-- Sets alarms. The set lives an hour longer than its last alarm.
-- KEYS[1]  the alarms, a sorted set: instant, the same as its score, in ms of Unix time
-- ARGV     the instants
-- Reply    how many were new
local new = 0
for _, at in ipairs(ARGV) do
  new = new + redis.call('ZADD', KEYS[1], at, at)
end
local last = redis.call('ZRANGE', KEYS[1], -1, -1)
redis.call('PEXPIREAT', KEYS[1], last[1] + 3600000)
return new
