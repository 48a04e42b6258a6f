package org.qtop.proxy.config;

/** A setting that cannot be used; the message is one line that names the value and what would be right. */
public final class SettingException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean file;

    private SettingException(String message, boolean file) {
        super(message);
        this.file = file;
    }

    /**
     * A value that does not fit its setting.
     *
     * @param setting the setting
     * @param value the value given
     * @param wanted what would be right
     * @return the exception, to be thrown
     */
    public static SettingException badValue(Setting setting, String value, String wanted) {
        String shown = value.isEmpty() ? "\"\"" : value.replaceAll("\\p{Cntrl}", "?");
        return new SettingException("--" + setting.key() + " " + shown + ": " + wanted, false);
    }

    /**
     * The same with a word on where values came from.
     *
     * @param origins such as {@code --min-hold is QTOP_MIN_HOLD of the environment}
     * @return the exception, to be thrown
     */
    public SettingException from(String origins) {
        return new SettingException(getMessage() + " (" + origins + ")", file);
    }

    /**
     * Settings that do not fit each other, or a key that does not exist.
     *
     * @param message one line that names the values and what would be right
     * @return the exception, to be thrown
     */
    public static SettingException bad(String message) {
        return new SettingException(message, false);
    }

    /**
     * A file named by a setting that cannot be read or written.
     *
     * @param what which option, key or file
     * @param wanted why, and what would be right
     * @return the exception, to be thrown
     */
    public static SettingException badFile(String what, String wanted) {
        return new SettingException(what + ": " + wanted, true);
    }

    /**
     * Tells whether a file is at fault rather than a value.
     *
     * @return true if a file could not be read or written
     */
    public boolean aboutFile() {
        return file;
    }
}
