using System.Data.Common;

namespace CouponGrains.Storage.Tests.Grains;

/// <summary>The statements that Orleans' provider runs, as it runs them: loaded from the table, with named parameters,
/// every result set read.</summary>
public abstract class GrainStateSuite : IAsyncLifetime
{
    private readonly Dictionary<string, string> _statements = [];
    private DbDataSource _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await Open();
        await using var connection = await _store.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT QueryKey, QueryText FROM OrleansQuery";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            _statements.Add(reader.GetString(0), reader.GetString(1));
        }
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Opens the storage, a new one at first, then the same.</summary>
    protected abstract Task<DbDataSource> Open();

    [Fact]
    public async Task A_state_is_written_read_cleared_and_written_again()
    {
        Assert.Null(await Read("g1"));
        Assert.Equal([1], await Write("g1", null, [1, 2]));
        Assert.Equal([2], await Write("g1", 1, [3]));
        Assert.Equal((2, [3]), await Read("g1"));
        Assert.Equal([3], await Change("ClearStorageKey", "g1", 2));
        Assert.Equal((3, null), await Read("g1"));
        Assert.Equal([4], await Write("g1", 3, [4]));
        Assert.Equal([5], await Change("DeleteStorageKey", "g1", 4));
        Assert.Null(await Read("g1"));
        Assert.Equal([1], await Write("g1", null, []));
        Assert.Equal((1, []), await Read("g1"));
    }

    [Fact]
    public async Task A_stale_version_answers_one_row_without_a_version_and_changes_nothing()
    {
        await Write("g1", null, [1]);
        await Write("g1", 1, [2]);
        foreach (var stale in (int?[])[null, 1, 3])
        {
            Assert.Equal([null], await Write("g1", stale, [9]));
            Assert.Equal([null], await Change("ClearStorageKey", "g1", stale));
            Assert.Equal([null], await Change("DeleteStorageKey", "g1", stale));
        }

        Assert.Equal((2, [2]), await Read("g1"));
        Assert.Equal([null], await Write("never-written", 1, [9]));
        Assert.Null(await Read("never-written"));
    }

    [Fact]
    public async Task Grains_that_differ_in_any_part_of_the_key_have_states_of_their_own()
    {
        await Write("g1", null, [1]);
        Assert.Equal([1], await Write("g2", null, [2]));
        Assert.Equal([1], await Write("g1", null, [3], type: "other"));
        Assert.Equal([1], await Write("g1", null, [4], service: "other"));
        Assert.Equal([1], await Write("g1", null, [5], number: 7));
        Assert.Equal([1], await Write(null, null, [6]));
        Assert.Equal([null], await Write(null, null, [7]));
        Assert.Equal((1, [1]), await Read("g1"));
        Assert.Equal((1, [6]), await Read(null));
    }

    [Fact]
    public async Task Of_many_first_writes_at_once_exactly_one_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var grain = $"g{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Write(grain, null, [(byte)i]))));
            Assert.Single(answers, a => a.SequenceEqual([1]));
            Assert.Equal(15, answers.Count(a => a.SequenceEqual([null])));
            var winner = Array.FindIndex(answers, a => a[0] == 1);
            Assert.Equal((1, [(byte)winner]), await Read(grain));
        }
    }

    [Fact]
    public async Task Of_many_updates_of_one_version_exactly_one_wins()
    {
        await Write("g1", null, [0]);
        for (var version = 1; version <= 20; version++)
        {
            var expected = version;
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Write("g1", expected, [(byte)i]))));
            Assert.Single(answers, a => a.SequenceEqual([expected + 1]));
        }
    }

    [Fact]
    public async Task Opening_again_keeps_the_states()
    {
        await Write("g1", null, [1]);
        _store = await Open();
        Assert.Equal((1, [1]), await Read("g1"));
    }

    private Task<int?[]> Write(
        string? key, int? version, byte[] payload, string type = "user", string service = "shop", long number = 0) =>
        Run("WriteToStorageKey", key, type, service, number, reader => reader.IsDBNull(0) ? null : (int?)reader.GetInt32(0),
            ("GrainStateVersion", version), ("PayloadBinary", payload));

    private Task<int?[]> Change(string statement, string? key, int? version) => Run(statement, key, "user", "shop", 0,
        reader => reader.IsDBNull(0) ? null : (int?)reader.GetInt32(0), ("GrainStateVersion", version));

    private async Task<(int Version, byte[]? Payload)?> Read(string? key)
    {
        var rows = await Run("ReadFromStorageKey", key, "user", "shop", 0, reader => (
            reader.GetInt32(reader.GetOrdinal("Version")),
            reader.IsDBNull(reader.GetOrdinal("PayloadBinary")) ? null : (byte[])reader["PayloadBinary"]));
        return rows.Length == 0 ? null : Assert.Single(rows);
    }

    private async Task<T[]> Run<T>(
        string statement, string? key, string type, string service, long number, Func<DbDataReader, T> read,
        params (string Name, object? Value)[] more)
    {
        await using var connection = await _store.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = _statements[statement];
        foreach (var (name, value) in ((string Name, object? Value)[])[
            ("GrainIdHash", 42), ("GrainIdN0", number), ("GrainIdN1", 0L), ("GrainTypeHash", -7), ("GrainTypeString", type),
            ("GrainIdExtensionString", key), ("ServiceId", service), .. more])
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
            {
                rows.Add(read(reader));
            }
        }
        while (await reader.NextResultAsync());
        return [.. rows];
    }
}
