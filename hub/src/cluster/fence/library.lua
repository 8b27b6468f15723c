#!lua name=plenum_1

-- What Plenum keeps of a conference, and the fence around it. Each function is one atomic step: it looks whether the
-- caller holds the lease under the epoch that it names, and only then writes. The same rules stand as plain Rust in
-- model.rs; a test runs both on the same operations.
--
-- Keys, all with the conference as their hash tag:
--   lease      hash  node, run, address, epoch; expires
--   head       hash  epoch (the highest ever granted), last (the place of the last record), history
--   log        stream of <epoch>-<place>: m room, s seq, k key, r record; a barrier is <epoch>-0: b last place before it
--   keys       hash  "<room> <key>" -> place, for the records in the log
--   snapshots  hash  room -> state
--   covers     hash  room -> the seq that its state is at
-- The first two arguments of each function name the caller: node and run.

local LEASE, HEAD, LOG, KEYS_SEEN, SNAPSHOTS, COVERS = 1, 2, 3, 4, 5, 6

local function text(number)
  return string.format('%.0f', number)
end

local function head(keys)
  local found = redis.call('HMGET', keys[HEAD], 'epoch', 'last', 'history')
  return { epoch = tonumber(found[1] or 0), last = tonumber(found[2] or 0), history = found[3] }
end

local function holder(keys)
  local found = redis.call('HMGET', keys[LEASE], 'node', 'run', 'address', 'epoch')
  if not found[1] then
    return nil
  end
  return { node = found[1], run = found[2], address = found[3], epoch = tonumber(found[4]) }
end

local function is_held(keys, node, run, epoch)
  local by = holder(keys)
  return by and by.node == node and by.run == run and by.epoch == tonumber(epoch)
end

-- node, run, address, epoch floor, time to live in ms, history if there is none yet
local function acquire(keys, args)
  local node, run, address, floor, ttl_ms, history = unpack(args)
  local by, known = holder(keys), head(keys)
  if by and not (by.node == node and by.run == run) then
    return { 'THEIRS', by.node, by.run, by.address, text(by.epoch), known.history }
  end
  local epoch = math.max(known.epoch, tonumber(floor)) + 1
  redis.call('XADD', keys[LOG], text(epoch) .. '-0', 'b', text(known.last))
  redis.call('HSET', keys[HEAD], 'epoch', text(epoch), 'last', text(known.last), 'history', known.history or history)
  redis.call('HSET', keys[LEASE], 'node', node, 'run', run, 'address', address, 'epoch', text(epoch))
  redis.call('PEXPIRE', keys[LEASE], ttl_ms)
  return { 'MINE', text(epoch), text(known.last), known.history or history }
end

-- node, run, epoch, time to live in ms
local function renew(keys, args)
  local node, run, epoch, ttl_ms = unpack(args)
  if not is_held(keys, node, run, epoch) then
    return { 'LOST' }
  end
  redis.call('PEXPIRE', keys[LEASE], ttl_ms)
  return { 'GRANTED', text(head(keys).last) }
end

-- node, run, epoch
local function release(keys, args)
  if is_held(keys, args[1], args[2], args[3]) then
    redis.call('DEL', keys[LEASE])
  end
  return { 'DONE' }
end

local function find(keys)
  local by = holder(keys)
  if not by then
    return { 'NOBODY' }
  end
  return { 'HELD', by.node, by.run, by.address, text(by.epoch), head(keys).history }
end

local function has(keys, epoch, place)
  local id = epoch .. '-' .. text(place)
  return #redis.call('XRANGE', keys[LOG], id, id) > 0
end

-- The room of the first record whose key is in the log already, or twice in the batch.
local function duplicate(keys, args, first)
  local here = {}
  for at = first, #args, 4 do
    local field = args[at] .. ' ' .. args[at + 2]
    if args[at + 2] ~= '' then
      if here[field] or redis.call('HEXISTS', keys[KEYS_SEEN], field) == 1 then
        return args[at]
      end
      here[field] = true
    end
  end
  return nil
end

-- node, run, epoch, time to live in ms, place of the first record, then room, seq, key, record of each
local function append(keys, args)
  local node, run, epoch, ttl_ms, first = args[1], args[2], args[3], args[4], tonumber(args[5])
  if not is_held(keys, node, run, epoch) then
    return { 'FENCED' }
  end
  local count, last = (#args - 5) / 4, head(keys).last
  if last ~= first - 1 then
    -- The same batch once more, because its answer was lost: it is there already.
    if count > 0 and last == first + count - 1 and has(keys, epoch, first) and has(keys, epoch, last) then
      return { 'KEPT', text(last) }
    end
    return { 'GAP', text(last) }
  end
  local room = duplicate(keys, args, 6)
  if room then
    return { 'DUPLICATE', room }
  end
  for at = 6, #args, 4 do
    last = last + 1
    local id = epoch .. '-' .. text(last)
    redis.call('XADD', keys[LOG], id, 'm', args[at], 's', args[at + 1], 'k', args[at + 2], 'r', args[at + 3])
    if args[at + 2] ~= '' then
      redis.call('HSET', keys[KEYS_SEEN], args[at] .. ' ' .. args[at + 2], text(last))
    end
  end
  redis.call('HSET', keys[HEAD], 'last', text(last))
  redis.call('PEXPIRE', keys[LEASE], ttl_ms)
  return { 'KEPT', text(last) }
end

-- node, run, epoch, room, seq, state
local function keep(keys, args)
  local node, run, epoch, room, seq, state = unpack(args)
  if not is_held(keys, node, run, epoch) then
    return { 'FENCED' }
  end
  local older = redis.call('HGET', keys[COVERS], room)
  if not older or tonumber(older) <= tonumber(seq) then
    redis.call('HSET', keys[COVERS], room, seq)
    redis.call('HSET', keys[SNAPSHOTS], room, state)
  end
  return { 'KEPT' }
end

local function place(id)
  return tonumber(string.match(id, '%-(%d+)$'))
end

-- node, run, epoch, the place up to which records may go, the id to begin at, how many entries to look at
local function trim(keys, args)
  local node, run, epoch, upto, from, count = args[1], args[2], args[3], tonumber(args[4]), args[5], args[6]
  if not is_held(keys, node, run, epoch) then
    return { 'FENCED' }
  end
  local deleted, reached = 0, ''
  for _, entry in ipairs(redis.call('XRANGE', keys[LOG], from, '+', 'COUNT', count)) do
    local id, fields = entry[1], entry[2]
    if place(id) > upto then
      return { 'TRIMMED', text(deleted), '' }
    end
    reached = id
    if fields[1] == 'm' then
      local covers = redis.call('HGET', keys[COVERS], fields[2])
      if covers and tonumber(covers) >= tonumber(fields[4]) then
        redis.call('XDEL', keys[LOG], id)
        redis.call('HDEL', keys[KEYS_SEEN], fields[2] .. ' ' .. fields[6])
        deleted = deleted + 1
      end
    end
  end
  return { 'TRIMMED', text(deleted), reached }
end

-- node, run, epoch
local function erase(keys, args)
  if not is_held(keys, args[1], args[2], args[3]) then
    return { 'FENCED' }
  end
  redis.call('DEL', keys[LOG], keys[KEYS_SEEN], keys[SNAPSHOTS], keys[COVERS])
  redis.call('HDEL', keys[HEAD], 'last', 'history')
  redis.call('DEL', keys[LEASE])
  return { 'KEPT' }
end

redis.register_function('plenum_1_acquire', acquire)
redis.register_function('plenum_1_renew', renew)
redis.register_function('plenum_1_release', release)
redis.register_function('plenum_1_append', append)
redis.register_function('plenum_1_keep', keep)
redis.register_function('plenum_1_trim', trim)
redis.register_function('plenum_1_erase', erase)
redis.register_function({ function_name = 'plenum_1_find', callback = find, flags = { 'no-writes' } })
