using CouponGrains.Domain;
using CouponGrains.Storage.Import;
using CouponGrains.Training.Evaluation;
using CouponGrains.Training.Models;

namespace CouponGrains.Cli.Evaluate;

/// <summary>Reads the folders of the two ranking protocols. Files may be packed (<c>NAME.gz</c>). Users and items are
/// numbered as they appear; an item that only the test part knows is ranked too.</summary>
internal sealed class InteractionFiles(string folder)
{
    private static readonly RowFormat Lines = new UserLines();
    private static readonly RowFormat Tabs = new Csv('\t', Header: false);

    private readonly Dictionary<string, int> _users = [];
    private readonly Dictionary<string, int> _items = [];
    private readonly List<SortedSet<int>> _rows = [];

    /// <summary><c>train.txt</c> and <c>test.txt</c>: a user and his items on each line.</summary>
    public static GraphRanking Graph(string folder)
    {
        var files = new InteractionFiles(folder);
        files.Train("train.txt", Lines, "user", "item");
        var relevant = new SortedDictionary<int, SortedSet<int>>();
        foreach (var row in files.Rows("test.txt", Lines))
        {
            var user = files.User(Named(row, "user"));
            relevant.TryAdd(user, []);
            relevant[user].Add(files.Item(Named(row, "item")));
        }

        return new() { Train = files.Matrix(), Users = [.. relevant.Keys], Relevant = [.. relevant.Values.Select(r => r.ToArray())] };
    }

    /// <summary><c>train.rating</c>, <c>test.rating</c> (each user's last item) and <c>test.negative</c> (the sampled
    /// items of the same user on the same line).</summary>
    public static NcfRanking Ncf(string folder)
    {
        var files = new InteractionFiles(folder);
        files.Train("train.rating", Tabs, "0", "1");
        var tests = files.Rows("test.rating", Tabs)
            .Select(row => (User: Named(row, "0"), Last: Named(row, "1"))).ToList();
        var negatives = files.Rows("test.negative", Tabs).Select(row => row.Values).ToList();
        for (var i = 0; i < Math.Max(tests.Count, negatives.Count); i++)
        {
            if (i >= tests.Count || i >= negatives.Count || negatives[i][0] != $"({tests[i].User},{tests[i].Last})")
            {
                throw new RefusedException(RefusalCodes.MalformedRow,
                    $"Line {i + 1} of test.rating and of test.negative do not name the same user and item.");
            }
        }

        int[] users = [.. tests.Select(t => files.User(t.User))], last = [.. tests.Select(t => files.Item(t.Last))];
        int[][] sampled = [.. negatives.Select((row, i) => row.Skip(1).Select(files.Item).Where(item => item != last[i]).ToArray())];
        return new() { Train = files.Matrix(), Users = users, Last = last, Negatives = sampled };
    }

    private void Train(string name, RowFormat format, string user, string item)
    {
        foreach (var row in Rows(name, format))
        {
            _rows[User(Named(row, user))].Add(Item(Named(row, item)));
        }
    }

    private IEnumerable<Row> Rows(string name, RowFormat format)
    {
        var path = Path.Combine(folder, name);
        using var file = ImportFile.Open(File.Exists(path) ? path : File.Exists(path + ".gz") ? path + ".gz" : path);
        foreach (var outcome in format.Read(file.Text, []))
        {
            // A user without items has nothing to say in either part.
            if (outcome.Refusal is { Code: RefusalCodes.MissingField })
            {
                continue;
            }

            yield return outcome.Value is { } row
                ? row
                : throw new RefusedException(outcome.Refusal!.Code, $"{name}, line {outcome.Line}: {outcome.Refusal.Detail}");
        }
    }

    private static string Named(Row row, string column) => row[column] is { Length: > 0 } id
        ? id
        : throw new RefusedException(RefusalCodes.MissingField, $"Line {row.Line} names no {column}.");

    private int User(string id)
    {
        if (_users.TryAdd(id, _users.Count))
        {
            _rows.Add([]);
        }

        return _users[id];
    }

    private int Item(string id)
    {
        _items.TryAdd(id, _items.Count);
        return _items[id];
    }

    private CsrMatrix Matrix()
    {
        var starts = new long[_rows.Count + 1];
        for (var row = 0; row < _rows.Count; row++)
        {
            starts[row + 1] = starts[row] + _rows[row].Count;
        }

        var indices = _rows.SelectMany(row => row).ToArray();
        var values = new float[indices.Length];
        Array.Fill(values, 1);
        return new(_rows.Count, _items.Count, starts, indices, values);
    }
}
