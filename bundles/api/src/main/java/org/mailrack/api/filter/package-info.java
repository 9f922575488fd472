/**
 * Filters give a verdict on a mail while it is being handed in, stage by stage.
 *
 * <p>A bundle registers any of {@link org.mailrack.api.filter.ConnectionFilter}, {@link org.mailrack.api.filter.SenderFilter},
 * {@link org.mailrack.api.filter.RecipientFilter} and {@link org.mailrack.api.filter.MessageFilter} as a service with the
 * property {@code filter.name}; the {@link org.mailrack.api.filter.FilterChain} calls them in the order of its settings, others in
 * that of service ranking, highest first.
 */
@Export
@Version("0.1.0")
package org.mailrack.api.filter;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
