package org.qtop.proxy.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program. */
@Command(name = "qtop", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "A SOCKS5 timing proxy for Tor: holds each stream's set-up for a time drawn from single-use"
                + " seeds, and accounts for every hold.")
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    private Main() {
    }

    /**
     * Runs a command and ends the virtual machine with its exit code.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /**
     * Runs a command.
     *
     * @param arguments the command and its options
     * @return its exit code, see {@link ExitCode}
     */
    static int execute(String... arguments) {
        CommandLine line = new CommandLine(new Main());
        SettingOptions runOptions = new SettingOptions();
        add(line, "run", new RunCommand(runOptions), runOptions);
        SettingOptions explainOptions = new SettingOptions(ExplainCommand.SETTINGS);
        add(line, "explain", new ExplainCommand(explainOptions), explainOptions);
        SettingOptions interceptOptions = new SettingOptions(InterceptCommand.SETTINGS);
        add(line, "intercept", new InterceptCommand(interceptOptions), interceptOptions);
        SettingOptions releaseOptions = new SettingOptions(ReleaseCommand.SETTINGS);
        add(line, "release", new ReleaseCommand(releaseOptions), releaseOptions);
        line.addSubcommand(new DemoCommand());
        line.addSubcommand(new VerifyCommand());
        line.addSubcommand(new HoldPointsCommand());
        line.addSubcommand(new StatusCommand());
        SettingOptions doctorOptions = new SettingOptions();
        CommandSpec doctor = CommandSpec.forAnnotatedObject(new DoctorCommand(doctorOptions));
        doctorOptions.addTo(doctor);
        line.addSubcommand("doctor", new CommandLine(doctor));
        line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(exitCodes());
        line.setParameterExceptionHandler((e, args) -> {
            System.err.println("qtop: " + firstLine(e.getMessage()) + " ("
                    + e.getCommandLine().getCommandSpec().qualifiedName() + " --help lists what there is)");
            return ExitCode.USAGE.code();
        });
        line.setExecutionExceptionHandler((e, commandLine, result) -> fail(e));
        return line.execute(arguments);
    }

    private static void add(CommandLine line, String name, Object command, SettingOptions options) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(command);
        options.addTo(spec);
        line.addSubcommand(name, new CommandLine(spec));
    }

    private static int fail(Exception e) {
        if (e instanceof Failure failure) {
            System.err.println("qtop: " + firstLine(failure.getMessage()));
            return failure.exitCode().code();
        }
        e.printStackTrace();
        return ExitCode.INTERNAL.code();
    }

    private static String firstLine(String message) {
        return message == null ? "" : message.lines().collect(Collectors.joining("; "));
    }

    private static Map<String, String> exitCodes() {
        return Arrays.stream(ExitCode.values()).collect(Collectors.toMap(code -> Integer.toString(code.code()),
                ExitCode::meaning, (a, b) -> a, java.util.LinkedHashMap::new));
    }

    /**
     * The version of this program.
     *
     * @return from the jar's manifest, or {@code (unpackaged)} when run from classes
     */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    /** Without a command there is nothing to do but to say what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** Tells picocli the version. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"qtop " + version()};
        }
    }
}
