-- Last numbers given out; one row. A row lock on it also orders rare administrative changes.
CREATE TABLE counters (
    mailbox_id BIGINT NOT NULL,
    uid_validity BIGINT NOT NULL
);
INSERT INTO counters VALUES (0, 0);

-- A deleted mailbox has no account and no name until its rows are swept away. A writer locks the row of its mailbox first.
CREATE TABLE mailboxes (
    id BIGINT NOT NULL CONSTRAINT mailboxes_pk PRIMARY KEY,
    account VARCHAR(320),
    name VARCHAR(1000),
    uid_validity BIGINT NOT NULL,
    uid_next BIGINT NOT NULL,
    mod_seq BIGINT NOT NULL,
    recent BIGINT NOT NULL,
    special_use VARCHAR(64),
    vanished_floor BIGINT NOT NULL,
    vanished_ranges INT NOT NULL,
    CONSTRAINT mailboxes_name UNIQUE (account, name)
);

-- Keywords are few and mostly none, so they stand in the row, separated by spaces: a scan needs no join.
CREATE TABLE messages (
    mailbox BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    mod_seq BIGINT NOT NULL,
    flags SMALLINT NOT NULL,
    keywords VARCHAR(4000),
    size BIGINT NOT NULL,
    internal_date BIGINT NOT NULL,
    content VARCHAR(64) NOT NULL,
    CONSTRAINT messages_pk PRIMARY KEY (mailbox, uid)
);
CREATE INDEX messages_changed ON messages (mailbox, mod_seq);

-- A cache, apart from the rows so that a scan of a mailbox does not read it.
CREATE TABLE details (
    mailbox BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    details BLOB(16M) NOT NULL,
    CONSTRAINT details_pk PRIMARY KEY (mailbox, uid)
);

-- Removed UIDs after mailboxes.vanished_floor; before it, every UID that is not there counts as removed.
CREATE TABLE vanished (
    mailbox BIGINT NOT NULL,
    mod_seq BIGINT NOT NULL,
    first_uid BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    CONSTRAINT vanished_pk PRIMARY KEY (mailbox, mod_seq, first_uid)
);

-- Keys of deliveries that one transaction did, until they are forgotten or move to the next table.
CREATE TABLE delivery_batches (
    id BIGINT NOT NULL CONSTRAINT delivery_batches_pk PRIMARY KEY,
    uses VARCHAR(32000) FOR BIT DATA NOT NULL
);

-- The key comes first, because deliveries are forgotten by key. Rows of a deleted mailbox go the same way.
CREATE TABLE deliveries (
    delivery_key VARCHAR(500) NOT NULL,
    mailbox BIGINT NOT NULL,
    CONSTRAINT deliveries_pk PRIMARY KEY (delivery_key, mailbox)
);

CREATE TABLE subscriptions (
    account VARCHAR(320) NOT NULL,
    name VARCHAR(1000) NOT NULL,
    CONSTRAINT subscriptions_pk PRIMARY KEY (account, name)
);

CREATE TABLE domains (
    name VARCHAR(255) NOT NULL CONSTRAINT domains_pk PRIMARY KEY
);

CREATE TABLE accounts (
    name VARCHAR(320) NOT NULL CONSTRAINT accounts_pk PRIMARY KEY,
    changes BIGINT NOT NULL
);

CREATE TABLE credentials (
    account VARCHAR(320) NOT NULL,
    scheme VARCHAR(64) NOT NULL,
    credential VARCHAR(4000) NOT NULL,
    CONSTRAINT credentials_pk PRIMARY KEY (account, scheme)
);

CREATE TABLE aliases (
    name VARCHAR(320) NOT NULL,
    place INT NOT NULL,
    target VARCHAR(320) NOT NULL,
    CONSTRAINT aliases_pk PRIMARY KEY (name, place)
);
