import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deidentifier.arx.ARXAnonymizer;
import org.deidentifier.arx.ARXConfiguration;
import org.deidentifier.arx.ARXLattice.ARXNode;
import org.deidentifier.arx.ARXResult;
import org.deidentifier.arx.AttributeType;
import org.deidentifier.arx.AttributeType.Hierarchy;
import org.deidentifier.arx.Data;
import org.deidentifier.arx.DataHandle;
import org.deidentifier.arx.DataType;
import org.deidentifier.arx.criteria.BasicBLikeness;
import org.deidentifier.arx.criteria.DDisclosurePrivacy;
import org.deidentifier.arx.criteria.DistinctLDiversity;
import org.deidentifier.arx.criteria.EnhancedBLikeness;
import org.deidentifier.arx.criteria.EntropyLDiversity;
import org.deidentifier.arx.criteria.EqualDistanceTCloseness;
import org.deidentifier.arx.criteria.HierarchicalDistanceTCloseness;
import org.deidentifier.arx.criteria.KAnonymity;
import org.deidentifier.arx.criteria.OrderedDistanceTCloseness;
import org.deidentifier.arx.criteria.PrivacyCriterion;
import org.deidentifier.arx.criteria.RecursiveCLDiversity;
import org.deidentifier.arx.metric.Metric;
import org.deidentifier.arx.metric.Metric.AggregateFunction;

/**
 * Anonymizes tables with ARX, one after another in one JVM. Each line of the standard input is the path of a
 * request; its answer is a line of JSON on the standard output.
 *
 * A request is a text file, UTF-8, of lines of fields with a tab between them; in a field, a backslash, tab,
 * line feed and carriage return are written \\, \t, \n and \r. The first field says what the line is: columns
 * NAME..., row VALUE..., quasi NAME (then its hierarchy, "leaf VALUE..." each), tree NAME (then the hierarchy
 * of a sensitive column, "leaf VALUE..." each), number NAME, order NAME VALUE..., weight NAME W, k K, limit L,
 * quality NAME GS AGGREGATE MONOTONE, model COLUMN NAME PARAMETER..., rounds N, output PATH.
 */
public final class Anonymize {
    private final List<String[]> rows = new ArrayList<>();
    private final Map<String, List<String[]>> quasi = new LinkedHashMap<>();
    private final Map<String, List<String[]>> trees = new LinkedHashMap<>();
    private final Map<String, DataType<?>> types = new LinkedHashMap<>();
    private final Map<String, Double> weights = new LinkedHashMap<>();
    private final List<String[]> models = new ArrayList<>();
    private String[] quality = {"quality", "loss", "0.5", "default", "false"};
    private int k = 0;
    private double limit = 0;
    private int rounds = 1;
    private String output = null;

    public static void main(String[] none) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                out.println(new Anonymize(Path.of(line)).run());
            } catch (Exception | AssertionError error) {
                out.println("{\"error\": \"" + error.toString().replaceAll("[^\\w .,:()'-]", " ") + "\"}");
            }
        }
    }

    private Anonymize(Path request) throws Exception {
        List<String[]> leaves = null;
        for (String line : Files.readString(request).split("\n")) {
            String[] fields = line.split("\t", -1);
            for (int i = 0; i < fields.length; i++) {
                fields[i] = plain(fields[i]);
            }
            String[] rest = Arrays.copyOfRange(fields, 1, fields.length);
            switch (fields[0]) {
                case "columns", "row" -> rows.add(rest);
                case "quasi" -> quasi.put(rest[0], leaves = new ArrayList<>());
                case "tree" -> trees.put(rest[0], leaves = new ArrayList<>());
                case "leaf" -> leaves.add(rest);
                case "number" -> types.put(rest[0], DataType.DECIMAL);
                case "order" -> types.put(rest[0],
                    DataType.createOrderedString(Arrays.asList(rest).subList(1, rest.length)));
                case "weight" -> weights.put(rest[0], Double.parseDouble(rest[1]));
                case "k" -> k = Integer.parseInt(rest[0]);
                case "limit" -> limit = Double.parseDouble(rest[0]);
                case "quality" -> quality = fields;
                case "model" -> models.add(rest);
                case "rounds" -> rounds = Integer.parseInt(rest[0]);
                case "output" -> output = rest[0];
                default -> throw new IllegalArgumentException(fields[0]);
            }
        }
    }

    private static String plain(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char one = field.charAt(i);
            if (one == '\\') {
                char next = field.charAt(++i);
                one = next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
            }
            found.append(one);
        }
        return found.toString();
    }

    private Data data() {
        Data data = Data.create(rows);
        data.getHandle();
        for (String name : rows.get(0)) {
            data.getDefinition().setAttributeType(name, AttributeType.INSENSITIVE_ATTRIBUTE);
        }
        types.forEach((name, type) -> data.getDefinition().setDataType(name, type));
        quasi.forEach((name, leaves) ->
            data.getDefinition().setAttributeType(name, Hierarchy.create(leaves)));
        models.forEach(model ->
            data.getDefinition().setAttributeType(model[0], AttributeType.SENSITIVE_ATTRIBUTE));
        return data;
    }

    private ARXConfiguration configuration() {
        ARXConfiguration made = ARXConfiguration.create();
        made.setSuppressionLimit(limit);
        made.setHeuristicSearchThreshold(Integer.MAX_VALUE);
        weights.forEach(made::setAttributeWeight);
        if (k > 0) {
            made.addPrivacyModel(new KAnonymity(k));
        }
        for (String[] model : models) {
            made.addPrivacyModel(criterion(model));
        }
        made.setQualityModel(metric());
        return made;
    }

    private PrivacyCriterion criterion(String[] model) {
        String column = model[0];
        double first = Double.parseDouble(model[2]);
        return switch (model[1]) {
            case "distinct-l-diversity" -> new DistinctLDiversity(column, (int) first);
            case "entropy-l-diversity" -> new EntropyLDiversity(column, first,
                model.length > 3 && model[3].equals("grassberger")
                    ? EntropyLDiversity.EntropyEstimator.GRASSBERGER
                    : EntropyLDiversity.EntropyEstimator.SHANNON);
            case "recursive-(c,l)-diversity" ->
                new RecursiveCLDiversity(column, first, Integer.parseInt(model[3]));
            case "equal-t-closeness" -> new EqualDistanceTCloseness(column, first);
            case "hierarchical-t-closeness" ->
                new HierarchicalDistanceTCloseness(column, first, Hierarchy.create(trees.get(column)));
            case "ordered-t-closeness" -> new OrderedDistanceTCloseness(column, first);
            case "delta-disclosure" -> new DDisclosurePrivacy(column, first);
            case "basic-beta-likeness" -> new BasicBLikeness(column, first);
            case "enhanced-beta-likeness" -> new EnhancedBLikeness(column, first);
            default -> throw new IllegalArgumentException(model[1]);
        };
    }

    private Metric<?> metric() {
        double gs = Double.parseDouble(quality[2]);
        boolean monotone = Boolean.parseBoolean(quality[4]);
        AggregateFunction by = switch (quality[3]) {
            case "geometric-mean" -> AggregateFunction.GEOMETRIC_MEAN;
            case "arithmetic-mean" -> AggregateFunction.ARITHMETIC_MEAN;
            case "sum" -> AggregateFunction.SUM;
            case "max", "maximum" -> AggregateFunction.MAXIMUM;
            case "rank" -> AggregateFunction.RANK;
            default -> null;
        };
        return switch (quality[1]) {
            case "loss" -> by == null ? Metric.createLossMetric(gs) : Metric.createLossMetric(gs, by);
            case "discernibility" -> Metric.createDiscernabilityMetric(monotone);
            case "aecs" -> Metric.createAECSMetric(gs);
            case "precision" -> by == null
                ? Metric.createPrecisionMetric(monotone, gs) : Metric.createPrecisionMetric(monotone, gs, by);
            case "non-uniform-entropy" -> by == null
                ? Metric.createEntropyMetric(monotone, gs) : Metric.createEntropyMetric(monotone, gs, by);
            case "normalized-non-uniform-entropy" -> by == null
                ? Metric.createNormalizedEntropyMetric() : Metric.createNormalizedEntropyMetric(by);
            case "height" -> by == null ? Metric.createHeightMetric() : Metric.createHeightMetric(by);
            case "ambiguity" -> Metric.createAmbiguityMetric();
            case "kl-divergence" -> Metric.createKLDivergenceMetric();
            case "entropy-based-information-loss" -> Metric.createEntropyBasedInformationLossMetric(gs);
            case "classification-accuracy" -> Metric.createClassificationMetric(gs);
            default -> throw new IllegalArgumentException(quality[1]);
        };
    }

    private String run() throws Exception {
        StringBuilder times = new StringBuilder();
        StringBuilder collected = new StringBuilder();
        ARXResult result = null;
        Data data = null;
        for (int round = 0; round < rounds; round++) {
            data = data();
            ARXConfiguration asked = configuration();
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            result = new ARXAnonymizer().anonymize(data, asked);
            double spent = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e6;
            times.append(round == 0 ? "" : ", ").append(spent);
        }
        StringBuilder answer = new StringBuilder("{\"found\": " + result.isResultAvailable());
        double apply = 0;
        if (result.isResultAvailable()) {
            ARXNode best = result.getGlobalOptimum();
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            DataHandle released = result.getOutput(best, false);
            apply = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e6;
            int outliers = 0;
            for (int row = 0; row < released.getNumRows(); row++) {
                outliers += released.isOutlier(row) ? 1 : 0;
            }
            answer.append(", \"levels\": [");
            String before = "";
            for (String name : rows.get(0)) {
                if (quasi.containsKey(name)) {
                    answer.append(before).append(best.getGeneralization(name));
                    before = ", ";
                }
            }
            answer.append("], \"score\": \"").append(best.getLowestScore());
            answer.append("\", \"outliers\": ").append(outliers);
            int checked = 0;
            for (ARXNode[] level : result.getLattice().getLevels()) {
                for (ARXNode node : level) {
                    checked += node.isChecked() ? 1 : 0;
                }
            }
            answer.append(", \"checked\": ").append(checked);
            if (output != null) {
                write(released);
            }
        }
        long peak = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
        }
        return answer + ", \"cpu_ms\": [" + times + "], \"apply_ms\": " + apply
            + ", \"peak_heap_mib\": " + (peak >> 20) + "}";
    }

    private void write(DataHandle released) throws Exception {
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(output))) {
            for (Iterator<String[]> each = released.iterator(); each.hasNext();) {
                String[] row = each.next();
                for (int i = 0; i < row.length; i++) {
                    row[i] = row[i].replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
                        .replace("\r", "\\r");
                }
                out.append(String.join("\t", row)).append("\n");
            }
        }
    }
}
