using CouponGrains.Cli.Import;
using CouponGrains.Contracts.Events;
using CouponGrains.Domain;
using CouponGrains.Storage.Import;

namespace CouponGrains.Client.Tests.Cli;

public sealed class ImportRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("import").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(RefusalCodes.Unavailable)]
    [InlineData(RefusalCodes.StoreNotWritable)]
    public void An_answer_that_is_none_stops_the_import_instead_of_counting_a_row_as_refused(string code)
    {
        RecordAnswer Answer(string why) => new(new("e-1"), null, new(why, "Not known."));
        Assert.ThrowsAny<Exception>(() => { ImportCommand.Answered([Answer(code)]); });
        var sent = Assert.Single(ImportCommand.Answered([Answer(RefusalCodes.DuplicateOtherContent)]));
        Assert.Equal(RefusalCodes.DuplicateOtherContent, sent.Refusal?.Code);
    }

    [Fact]
    public async Task A_stopped_import_goes_on_behind_its_checkpoint_and_counts_every_row_once()
    {
        var file = Path.Combine(_folder, "rows.csv");
        await File.WriteAllTextAsync(file, "content", TestContext.Current.CancellationToken);
        var sent = new List<string>();
        var rows = Enumerable.Range(2, 300_000).Select(line => line % 1_000 == 0
            ? new RowOutcome<string>(line, null, new(RefusalCodes.MissingUser, "Nobody."))
            : new RowOutcome<string>(line, $"{line}", null)).ToList();

        await Assert.ThrowsAsync<TimeoutException>(() => Run(file, rows, (values, _) => values.Contains("250001")
            ? throw new TimeoutException() : Task.FromResult(Send(values))));
        var stopped = ImportCheckpoint.Open(file, "map", _folder);
        Assert.True(stopped.GoesOn);
        Assert.Equal(200_000, stopped.Counts.Rows);

        sent.Clear();
        var counts = await Run(file, rows, (values, _) => Task.FromResult(Send(values)));
        Assert.DoesNotContain("2", sent);
        Assert.Equal((300_000, 299_700, 300), (counts.Rows, counts.Accepted, counts.Refused[RefusalCodes.MissingUser]));
        var listed = await File.ReadAllLinesAsync(Path.Combine(_folder, "refused.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(301, listed.Length);
        Assert.Equal("1000,missing_user,\"Nobody.\"", listed[1]);

        IReadOnlyList<Sent> Send(IReadOnlyList<string> values)
        {
            lock (sent)
            {
                sent.AddRange(values);
            }

            return [.. values.Select(_ => Sent.Accepted)];
        }
    }

    [Fact]
    public async Task Batches_keep_to_their_group_and_size_and_what_the_silo_refuses_is_listed()
    {
        var file = Path.Combine(_folder, "rows.csv");
        await File.WriteAllTextAsync(file, "content", TestContext.Current.CancellationToken);
        var rows = Enumerable.Range(2, 100).Select(line => new RowOutcome<string>(line, $"{line % 3}-{line}", null));
        var counts = await Run(file, rows, (values, _) =>
        {
            Assert.InRange(values.Count, 1, 10);
            Assert.Single(values.Select(v => v[0]).Distinct());
            return Task.FromResult<IReadOnlyList<Sent>>([.. values.Select(v => v.EndsWith("-50", StringComparison.Ordinal)
                ? new Sent(false, new(RefusalCodes.DuplicateOtherContent, "Other content.")) : Sent.Known)]);
        });
        Assert.Equal((100, 0, 99, 1), (counts.Rows, counts.Accepted, counts.Known, counts.Refused[RefusalCodes.DuplicateOtherContent]));
    }

    private async Task<ImportCounts> Run(
        string file, IEnumerable<RowOutcome<string>> rows, Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<Sent>>> send)
    {
        var checkpoint = ImportCheckpoint.Open(file, "map", _folder);
        using var rejected = new RejectedRows(Path.Combine(_folder, "refused.csv"), checkpoint.GoesOn);
        var run = new ImportRun<string>(v => v[..1], 10, (_, values, cancel) => send(values, cancel))
        {
            Parallel = 4, Checkpoint = checkpoint, Rejected = rejected,
        };
        return await run.Run(rows, _ => { }, TestContext.Current.CancellationToken);
    }
}
