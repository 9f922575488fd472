/** The component: settings, and one session per connection. */
package org.mailrack.imap.internal;
