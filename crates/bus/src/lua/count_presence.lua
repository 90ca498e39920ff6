-- How many connections of an agent hold a lease.
-- KEYS[1]  the agent's leases, a sorted set: connection, end in ms of Redis' own time
-- Reply    the number
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZCOUNT', KEYS[1], '(' .. now, '+inf')
