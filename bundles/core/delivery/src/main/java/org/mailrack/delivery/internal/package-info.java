/**
 * From the spool to where mail belongs: takes due mail, asks the policies, hands deliveries to transports, and records what
 * became of them.
 *
 * <p>Standards: RFC 5321 section 4.5.4.1 (retries) and 6.1 (bounces), RFC 3464 and RFC 3462 (delivery status notifications),
 * RFC 3463 (status codes), RFC 3834 section 5 (Auto-Submitted), RFC 3461 section 4.1 (NOTIFY=NEVER).
 *
 * <p>Guards against: alias loops and alias explosions, bounces of bounces, transports that never answer or answer twice,
 * policies that throw, a slow transport that holds up the others. Delivered once: every delivery has a key that the mailbox
 * store remembers until the spool's record of it is durable.
 *
 * <p>Limits: mails in flight, in all and per transport; recipients after expansion; depth of aliases; time for one delivery;
 * octets of a returned header. All are settings of {@link org.mailrack.delivery.internal.DeliveryConfig}.
 */
package org.mailrack.delivery.internal;
