/** Message content in append-only segment files that survive a torn write. */
package org.mailrack.content.log.internal;
