/** Takes spooled mail in batches, asks the policies for a route and hands it to a transport. */
package org.mailrack.delivery.internal;
