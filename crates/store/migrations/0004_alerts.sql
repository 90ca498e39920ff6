-- How each agent wants to be alerted (N6). An older release that runs beside this one names none of them: a new agent's are as at first.

ALTER TABLE agents ADD COLUMN sound_notifications BOOLEAN NOT NULL DEFAULT TRUE;
-- Those in Gmail and the desktop's.
ALTER TABLE agents ADD COLUMN popup_notifications BOOLEAN NOT NULL DEFAULT TRUE;
-- Sound and notification come again until the agent has seen the message.
ALTER TABLE agents ADD COLUMN repeat_until_seen BOOLEAN NOT NULL DEFAULT FALSE;
