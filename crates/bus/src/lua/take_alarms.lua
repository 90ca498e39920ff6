-- Takes the alarms whose instant has come, so that one of all relays rings for each.
-- KEYS[1]  the alarms, a sorted set: instant, the same as its score, in ms of Unix time
-- Reply    how many had come, and how many ms are left until the next, or -1 if there is none
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local next = redis.call('ZRANGE', KEYS[1], 0, 0)
if next[1] then
  return { due, next[1] - now }
end
return { due, -1 }
