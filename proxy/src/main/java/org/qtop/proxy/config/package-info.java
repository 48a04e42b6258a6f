/**
 * Immutable settings, checked once at start.
 *
 * <p>{@link org.qtop.proxy.config.Setting} lists every setting with its default and meaning in one place; the command
 * line, the environment and a configuration file all fill the same list, so none of them can know an option that the
 * others lack. {@link org.qtop.proxy.config.Settings} is the checked result. A bad value stops the start with a
 * {@link org.qtop.proxy.config.SettingException} that names the value and what would be right; nothing is ever
 * quietly replaced.
 *
 * <p>Must never import another room.
 */
package org.qtop.proxy.config;
