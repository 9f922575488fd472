/**
 * Mailboxes for every protocol: one live view per open mailbox, shared by all sessions on it, the events it publishes, MIME
 * structure and search.
 *
 * <p>Standards: RFC 9051 section 2.3 (message attributes), 5.1 (names), 6.3.4 to 6.3.6 (create, delete, rename), 6.4.4 (search) and
 * 7.5.2 (envelope, body structure); RFC 6154 (special use); RFC 7162 (mod-sequences); RFC 5322 (header fields); RFC 2045, 2046,
 * 2047, 2231 (MIME).
 *
 * <p>Guards against: views that miss or disorder changes when threads race or another process writes; snapshots that are cut short,
 * damaged, or of a past that the database does not have; MIME that nests, repeats or ends wrongly; headers without end; searches
 * that read more than they should hold.
 *
 * <p>Limits, all settings of PID {@code org.mailrack.mailbox}: length and depth of names, mailboxes and subscriptions per account,
 * keywords per mailbox, views in memory and the octets of them, snapshots on disk, header octets, depth and parts of MIME, cached
 * structures, terms and depth of searches.
 */
package org.mailrack.mailbox.internal;
