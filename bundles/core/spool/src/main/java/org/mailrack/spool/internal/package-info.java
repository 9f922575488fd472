/** Makes envelope and content durable before a mail is acknowledged, and keeps them until delivered. */
package org.mailrack.spool.internal;
