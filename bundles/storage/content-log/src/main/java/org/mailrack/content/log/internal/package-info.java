/**
 * Contents and the spool's journal in append-only segment files, one force per batch.
 *
 * <p>On disk, under {@code data/content}: {@code NNN.log} are the segments; {@code large/} has a file for each content that is
 * too long to be held in memory; {@code checkpoint} says where the journal's last checkpoint, and the one before, begin; {@code compacted} says up to where the journal has holes; {@code owner} says whose contents they are; {@code lock} is locked while
 * a process uses the folder; {@code gaps}, in a log that was restored from a backup, says which stretches are no part of the
 * journal. A segment begins with its number, a random number of its own and the place where the segment before
 * it ends; then come records. A record's header has the segment's random number (so that octets of a mail never pass for a record
 * when the log is searched behind a damaged place), its own place, lengths and CRC-32C sums, one over header and entry, so that a
 * replay need not read contents, and one over the content.
 *
 * <p>A compaction writes a segment anew with the contents that are needed, and with the same number. A record keeps the place that it
 * had, so that references stay true; an index behind the records says where it stands now. Segments of which nothing is needed go.
 * Neither happens to what the journal may still be read from: {@code checkpoint} has the last one and the one before it.
 *
 * <p>Guards against: torn writes, lost writes, failing forces, damaged octets, a second process. Limits: a record's content in
 * memory ({@code memory.per.message}), an entry 16 MiB, a replaced head 16 MiB, waiting commits ({@code max.waiting}), open files
 * ({@code open.files}).
 */
package org.mailrack.content.log.internal;
