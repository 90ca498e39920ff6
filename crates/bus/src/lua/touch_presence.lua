-- A connection of an agent showed life: its lease begins anew. Leases that have ended are taken away.
-- KEYS[1]  the agent's leases, a sorted set: connection, end in ms of Redis' own time
-- ARGV[1]  the connection
-- ARGV[2]  the length of a lease in ms
-- Reply    how many connections hold a lease now
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
