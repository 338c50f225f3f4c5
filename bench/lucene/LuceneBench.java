import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogByteSizeMergePolicy;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * Measures Apache Lucene as the Go program beside it measures the other engines, and writes the
 * same result files (see result.go). Arguments are name=value; the first word is the phase:
 *
 * <pre>
 * build corpus=F dir=D out=P threads=N   threads=1 keeps the order of documents
 * query queries=F dir=D out=P threads=N passes=N every=N count=N
 * </pre>
 */
public final class LuceneBench {
  static final int TOP = 10;
  static final String BODY = "body", ID = "id";

  /** The just-in-time compiler needs many passes: so many, or until so long after the start. */
  static final int WARM_PASSES = 15;

  static final long WARM_NANOS = 20_000_000_000L;

  /** A pass of several threads repeats the queries until it has lasted this long. */
  static final long LOAD_NANOS = 1_000_000_000L;

  public static void main(String[] args) throws Exception {
    Map<String, String> flags = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      int eq = args[i].indexOf('=');
      flags.put(args[i].substring(0, eq), args[i].substring(eq + 1));
    }
    if (args[0].equals("build")) {
      build(flags);
    } else {
      new LuceneBench(flags).query();
    }
  }

  // Building.

  static void build(Map<String, String> flags) throws Exception {
    int threads = Integer.parseInt(flags.get("threads"));
    Path dir = Paths.get(flags.get("dir"));
    IndexWriterConfig config = new IndexWriterConfig(new EnglishAnalyzer());
    config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
    config.setRAMBufferSizeMB(256);
    config.setUseCompoundFile(false);
    if (threads == 1) {
      config.setMergePolicy(new LogByteSizeMergePolicy()); // merges neighbours only
    }
    long start = System.nanoTime();
    try (IndexWriter writer = new IndexWriter(FSDirectory.open(dir), config)) {
      long docs = addAll(writer, Paths.get(flags.get("corpus")), threads);
      writer.commit();
      double built = seconds(start);
      long before = size(dir);
      start = System.nanoTime();
      writer.forceMerge(1);
      writer.commit();
      double merged = seconds(start);
      meta(flags, String.format(Locale.ROOT,
          "\"engine\":\"lucene\",\"phase\":\"build\",\"docs\":%d,\"build_s\":%.3f,\"merge_s\":%.3f,"
              + "\"bytes_before_merge\":%d,\"bytes\":%d,\"files\":%s,\"peak_rss_mb\":%.1f",
          docs, built, merged, before, size(dir), files(dir), status("VmHWM")));
    }
  }

  static long addAll(IndexWriter writer, Path corpus, int threads) throws Exception {
    FieldType type = new FieldType();
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
    type.setTokenized(true);
    type.freeze();
    BlockingQueue<String> lines = new ArrayBlockingQueue<>(4096);
    String end = new String();
    AtomicReference<Exception> failed = new AtomicReference<>();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread worker = new Thread(() -> {
        try {
          for (String line; (line = lines.take()) != end; ) {
            if (failed.get() == null) {
              writer.addDocument(document(line, type));
            }
          }
        } catch (Exception e) {
          failed.set(e);
          System.exit(1); // the reader would wait for ever
        }
      });
      worker.start();
      workers.add(worker);
    }
    long docs = 0;
    try (BufferedReader in = Files.newBufferedReader(corpus)) {
      for (String line; (line = in.readLine()) != null; docs++) {
        lines.put(line);
      }
    }
    for (int i = 0; i < threads; i++) {
      lines.put(end);
    }
    for (Thread worker : workers) {
      worker.join();
    }
    return docs;
  }

  static Document document(String line, FieldType type) {
    Map<String, String> fields = new JsonLine(line).strings();
    Document d = new Document();
    d.add(new StoredField(ID, fields.get("id")));
    d.add(new Field(BODY, fields.get("title") + " " + fields.get("text"), type));
    return d;
  }

  /** A reader of one flat JSON object. */
  static final class JsonLine {
    final String s;
    int at;

    JsonLine(String s) {
      this.s = s;
    }

    Map<String, String> strings() {
      Map<String, String> fields = new HashMap<>();
      while ((at = s.indexOf('"', at)) >= 0) {
        String name = string();
        at = s.indexOf(':', at) + 1;
        while (s.charAt(at) == ' ') {
          at++;
        }
        if (s.charAt(at) == '"') {
          fields.put(name, string());
        }
      }
      return fields;
    }

    /** Reads the string that starts at the quote where the reader is, and moves behind it. */
    String string() {
      StringBuilder b = new StringBuilder();
      for (at++; s.charAt(at) != '"'; at++) {
        char c = s.charAt(at);
        if (c == '\\') {
          c = s.charAt(++at);
          int control = "nrtbf".indexOf(c);
          if (control >= 0) {
            c = "\n\r\t\b\f".charAt(control);
          } else if (c == 'u') {
            c = (char) Integer.parseInt(s.substring(at + 1, at + 5), 16);
            at += 4;
          }
        }
        b.append(c);
      }
      at++;
      return b.toString();
    }
  }

  // Querying.

  final Map<String, String> flags;
  final List<String[]> queries = new ArrayList<>();
  final int every, threads, passes, count;
  final IndexSearcher searcher;
  final ThreadLocal<QueryBuilder> builder =
      ThreadLocal.withInitial(() -> new QueryBuilder(new EnglishAnalyzer()));
  double anonymous; // the most seen after a pass, in MB

  LuceneBench(Map<String, String> flags) throws IOException {
    this.flags = flags;
    every = Integer.parseInt(flags.get("every"));
    threads = Integer.parseInt(flags.get("threads"));
    passes = Integer.parseInt(flags.get("passes"));
    count = Integer.parseInt(flags.get("count"));
    for (String line : Files.readAllLines(Paths.get(flags.get("queries")))) {
      if (!line.isEmpty()) {
        queries.add(line.split("\t"));
      }
    }
    searcher = new IndexSearcher(DirectoryReader.open(MMapDirectory.open(Paths.get(flags.get("dir")))));
    searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
    searcher.setQueryCache(null);
  }

  /** Parses, searches, and fetches the ids, as the other engines are made to. */
  List<String> search(int i) throws IOException {
    String kind = queries.get(i)[0], text = queries.get(i)[1];
    QueryBuilder b = builder.get();
    Query q;
    switch (kind) {
      case "phrase":
        q = b.createPhraseQuery(BODY, text);
        break;
      case "and":
        q = b.createBooleanQuery(BODY, text, BooleanClause.Occur.MUST);
        break;
      default:
        q = b.createBooleanQuery(BODY, text, BooleanClause.Occur.SHOULD);
    }
    List<String> ids = new ArrayList<>();
    if (q == null) {
      return ids;
    }
    TopScoreDocCollector top = TopScoreDocCollector.create(TOP, null, count);
    searcher.search(q, top);
    for (ScoreDoc hit : top.topDocs().scoreDocs) {
      ids.add(searcher.doc(hit.doc).get(ID));
    }
    return ids;
  }

  void query() throws Exception {
    String out = flags.get("out");
    long start = System.nanoTime();
    try (PrintWriter run = new PrintWriter(out + ".run.tsv")) {
      for (int i = 0; i < queries.size(); i += every) {
        int rank = 0;
        for (String id : search(i)) {
          run.printf("%d\t%d\t%s%n", i, ++rank, id);
        }
      }
    }
    double first = seconds(start);
    long limit = System.nanoTime() + WARM_NANOS;
    for (int p = 0; p < WARM_PASSES && passes > 0 && System.nanoTime() < limit; p++) {
      for (int i = 0; i < queries.size(); i += every) {
        search(i);
      }
    }
    time(out);
    String qps = load();
    meta(flags, String.format(Locale.ROOT,
        "\"engine\":\"lucene\",\"phase\":\"query\",\"warm_s\":%.3f,\"passes\":%d,\"every\":%d,\"qps_threads\":%d,"
            + "\"qps\":[%s],\"peak_rss_mb\":%.1f,\"rss_anon_mb\":%.1f",
        first, passes, every, threads, qps, status("VmHWM"), anonymous));
  }

  void time(String out) throws IOException {
    try (PrintWriter latencies = new PrintWriter(out + ".lat.tsv")) {
      for (int p = 0; p < passes; p++) {
        for (int i = 0; i < queries.size(); i += every) {
          long start = System.nanoTime();
          int hits = search(i).size();
          latencies.printf("%d\t%d\t%d\t%d%n", p, i, System.nanoTime() - start, hits);
        }
        anonymous = Math.max(anonymous, status("RssAnon"));
      }
    }
  }

  /** Answers the queries with all threads at once, and returns queries per second by pass. */
  String load() throws Exception {
    StringBuilder qps = new StringBuilder();
    for (int p = 0; p < passes; p++) {
      long start = System.nanoTime();
      long[] done = new long[threads];
      List<Thread> workers = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int own = t;
        Thread worker = new Thread(() -> {
          try {
            do {
              for (int i = own * every; i < queries.size(); i += threads * every, done[own]++) {
                search(i);
              }
            } while (System.nanoTime() - start < LOAD_NANOS);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
        worker.start();
        workers.add(worker);
      }
      long all = 0;
      for (int t = 0; t < threads; t++) {
        workers.get(t).join();
        all += done[t];
      }
      qps.append(p > 0 ? "," : "").append(String.format(Locale.ROOT, "%.1f", all / seconds(start)));
      anonymous = Math.max(anonymous, status("RssAnon"));
    }
    return qps.toString();
  }

  // Figures of the process and of files.

  static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** A line of /proc/self/status in MB; 0 where there is none. */
  static double status(String name) throws IOException {
    Path file = Paths.get("/proc/self/status");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(name + ":")) {
          return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
        }
      }
    }
    return 0;
  }

  static long size(Path dir) throws IOException {
    long sum = 0;
    try (Stream<Path> list = Files.list(dir)) {
      for (Path p : (Iterable<Path>) list::iterator) {
        sum += Files.size(p);
      }
    }
    return sum;
  }

  /** The sizes of files by their extension, as JSON. */
  static String files(Path dir) throws IOException {
    Map<String, Long> sums = new HashMap<>();
    try (Stream<Path> list = Files.list(dir)) {
      for (Path p : (Iterable<Path>) list::iterator) {
        String name = p.getFileName().toString();
        sums.merge(name.substring(name.lastIndexOf('.') + 1), Files.size(p), Long::sum);
      }
    }
    List<String> parts = new ArrayList<>();
    sums.forEach((name, bytes) -> parts.add("\"" + name + "\":" + bytes));
    return "{" + String.join(",", parts) + "}";
  }

  static void meta(Map<String, String> flags, String fields) throws IOException {
    Files.write(Paths.get(flags.get("out") + ".meta.json"), ("{" + fields + "}\n").getBytes(StandardCharsets.UTF_8));
  }
}
