import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Counts the tests in the XML reports of Surefire and Failsafe. Arguments: the modules' {@code target} folders. Prints
 * each module's counts, each failed or skipped test with its reason, what did not run for want of root (unless the
 * property {@code root} is 1), how long all took (the property {@code seconds}) and, as the last line, the sum. Ends
 * with 1 if a test failed or none ran.
 */
final class TestCounts {
    private static final Pattern FOR_WANT_OF_ROOT = Pattern.compile("skipped: .*(needs root|no network namespace)");

    private int passed;
    private int failed;
    private int skipped;
    private final List<String> remarks = new ArrayList<>();

    public static void main(String[] args) throws IOException, XMLStreamException {
        // Maven may leave a colour code without a line's end behind.
        System.out.println();
        TestCounts all = new TestCounts();
        for (String arg : args) {
            Path target = Path.of(arg);
            TestCounts module = new TestCounts();
            module.addReports(target.resolve("surefire-reports"));
            module.addReports(target.resolve("failsafe-reports"));
            if (module.passed + module.failed + module.skipped > 0) {
                System.out.println(target.getParent().getFileName() + ": " + module);
            }
            all.add(module);
        }
        all.remarks.forEach(System.out::println);
        all.tellOfRoot();
        int seconds = Integer.getInteger("seconds", 0);
        System.out.println("elapsed: " + seconds / 60 + " min " + seconds % 60 + " s");
        System.out.println(all);
        System.exit(all.failed > 0 || all.passed == 0 ? 1 : 0);
    }

    private void addReports(Path folder) throws IOException, XMLStreamException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
            for (Path report : reports) {
                addReport(report);
            }
        }
    }

    private void addReport(Path report) throws IOException, XMLStreamException {
        int before = passed + failed + skipped;
        String suite = "";
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = XMLInputFactory.newInstance().createXMLStreamReader(in);
            String test = null;
            String outcome = null;
            while (xml.hasNext()) {
                int event = xml.next();
                String element = xml.hasName() ? xml.getLocalName() : "";
                if (event == XMLStreamConstants.START_ELEMENT && element.equals("testsuite")) {
                    suite = xml.getAttributeValue(null, "name");
                } else if (event == XMLStreamConstants.START_ELEMENT && element.equals("testcase")) {
                    test = xml.getAttributeValue(null, "classname") + "." + xml.getAttributeValue(null, "name");
                    outcome = null;
                } else if (event == XMLStreamConstants.START_ELEMENT && isTrouble(element)) {
                    outcome = element.equals("skipped") ? "skipped" : "failed";
                    String message = xml.getAttributeValue(null, "message");
                    remarks.add(outcome + ": " + test + ": " + brief(message == null ? xml.getElementText() : message));
                } else if (event == XMLStreamConstants.END_ELEMENT && element.equals("testcase")) {
                    count(outcome);
                }
            }
        }
        if (passed + failed + skipped == before) {
            // Surefire drops a class whose set-up gave up on an assumption, reason and all (its issue 2602).
            skipped++;
            remarks.add("skipped: " + suite + ": no test of it ran; its @BeforeAll gave up");
        }
    }

    /** Only root may make a network namespace, in which browsers and attach mode are shut up. */
    private void tellOfRoot() {
        List<String> unrun = remarks.stream().filter(remark -> FOR_WANT_OF_ROOT.matcher(remark).lookingAt()).toList();
        if (!System.getProperty("root", "1").equals("1") && !unrun.isEmpty()) {
            System.out.println("NOT RUN FOR WANT OF ROOT: " + unrun.size() + " tests. Run scripts/test as root for:");
            unrun.forEach(remark -> System.out.println("  NOT RUN: " + remark.split(": ")[1]));
        }
    }

    private static boolean isTrouble(String element) {
        return element.equals("failure") || element.equals("error") || element.equals("skipped");
    }

    /** The first line of a reason, without the exception's name in front. */
    private static String brief(String reason) {
        return reason.strip().replaceFirst("^[\\w.$]+(Exception|Error):\\s*", "").lines().findFirst()
                .orElse("no reason given");
    }

    private void count(String outcome) {
        if (outcome == null) {
            passed++;
        } else if (outcome.equals("skipped")) {
            skipped++;
        } else {
            failed++;
        }
    }

    private void add(TestCounts other) {
        passed += other.passed;
        failed += other.failed;
        skipped += other.skipped;
        remarks.addAll(other.remarks);
    }

    @Override
    public String toString() {
        return passed + " passed, " + failed + " failed, " + skipped + " skipped";
    }
}
