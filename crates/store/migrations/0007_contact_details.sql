-- What agents write down of a client. A release without it goes on beside this one, and leaves it as it is.

ALTER TABLE contacts ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN about TEXT NOT NULL DEFAULT '';
-- Rises with every change of these and of the name.
ALTER TABLE contacts ADD COLUMN details_rev BIGINT NOT NULL DEFAULT 0;
