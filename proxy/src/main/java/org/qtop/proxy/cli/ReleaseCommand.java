package org.qtop.proxy.cli;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.qtop.proxy.config.Setting;
import org.qtop.proxy.config.Settings;
import org.qtop.proxy.control.ControlException;
import org.qtop.proxy.control.ControlObserver;
import org.qtop.proxy.control.TorControl;
import org.qtop.proxy.intercept.InterceptException;
import org.qtop.proxy.intercept.Rescue;
import picocli.CommandLine.Command;

/** {@code qtop release}: frees a Tor that was left with streams that wait. */
@Command(name = "release", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Free a Tor whose streams wait for a controller that was killed: Tor attaches its streams itself"
                + " again, and those that wait go on. Harmless otherwise; a qtop intercept that is still at work takes"
                + " over again within a second.")
final class ReleaseCommand implements Callable<Integer> {

    /** What it shares with {@code qtop run}. */
    static final Set<Setting> SETTINGS = EnumSet.of(Setting.TOR_CONTROL, Setting.CONTROL_COOKIE,
            Setting.CONTROL_PASSWORD_FILE, Setting.LOG_LEVEL, Setting.LOG_FORMAT);

    private final SettingOptions options;

    ReleaseCommand(SettingOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() throws Failure {
        Settings settings = InterceptCommand.settings(options);
        Logs.apply(settings.logLevel(), settings.logFormat());
        return Shutdown.run(shutdown -> {
            try (TorControl control = TorControl.open(TorChooser.login(settings, settings.torControl().get()),
                    new ControlObserver() { })) {
                Console.standardOutput().line(Rescue.free(control).text());
                return ExitCode.OK;
            } catch (ControlException e) {
                throw Failure.of(e);
            } catch (InterceptException e) {
                throw Failure.of(e);
            }
        }).code();
    }
}
