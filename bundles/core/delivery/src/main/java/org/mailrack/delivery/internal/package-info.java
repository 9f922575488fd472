/**
 * Takes spooled mail in batches, asks the policies for a route per recipient and hands it to a transport; retries, expires and
 * bounces. Brings the policies for aliases, accounts and relaying (all of low ranking), and the transport {@code mailbox}.
 *
 * <p>Standards: RFC 5321 sections 4.5.4.1 (retry strategy), 6.1 (null reverse-path, no bounce of a bounce) and 6.3 (loop
 * detection); RFC 3461 (NOTIFY), RFC 3463 (codes), RFC 3464 (delivery status), RFC 6522 (multipart/report), RFC 3834
 * (Auto-Submitted). Guards against: mail loops, alias loops, policies that throw or hang, transports that throw, vanish or never
 * report, delivering twice after a crash. Limits: {@code max.in.flight}, {@code max.recipients}, {@code max.received},
 * {@code policy.timeout}, {@code delivery.timeout}, {@code expire.after}; a bounce has 64 KiB of the header at most.
 */
package org.mailrack.delivery.internal;
