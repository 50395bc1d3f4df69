using System.CommandLine.Parsing;
using CouponGrains.Domain;

namespace CouponGrains.Cli;

/// <summary>The program <c>coupons</c>: its verbs, and the one door where refusals and faults become a line and an exit
/// code. 0 done, 1 refused, 2 wrong words, 3 nobody answers, 130 interrupted.</summary>
public static class CommandLine
{
    /// <summary>Exit code of a refusal.</summary>
    public const int Refused = 1;

    /// <summary>Exit code of a command line that says nothing we know.</summary>
    public const int Unknown = 2;

    /// <summary>Exit code where a silo is needed and none answers.</summary>
    public const int NoSilo = 3;

    private const int Interrupted = 130;

    /// <summary>Has faults of the program told with their place.</summary>
    private const string TraceVariable = "COUPONS_TRACE";

    /// <summary>Runs a command line.</summary>
    public static async Task<int> Run(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Fail($"{parsed.Errors[0].Message} (coupons {Words(parsed)}--help tells what there is)", Unknown);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (RefusedException e)
        {
            return Fail(e.Refusal.ToString(), Refused);
        }
        catch (NoSiloException e)
        {
            return Fail(e.Message, NoSilo);
        }
        catch (OperationCanceledException)
        {
            return Fail("interrupted", Interrupted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail($"{RefusalCodes.FileNotUsable}: {e.Message}", Refused);
        }
        catch (Exception e)
        {
            if (Server.Told(TraceVariable) is not null)
            {
                Console.Error.WriteLine(e);
            }

            return Fail(
                $"{RefusalCodes.InternalError}: {e.GetType().Name}: {e.Message} This is a fault of the program; "
                + $"{TraceVariable}=1 tells where it is.", Refused);
        }
    }

    internal static RootCommand Root() => new("Personal coupons: import behaviour, train, recommend, redeem, evaluate.")
    {
        Import.ImportCommand.Build(),
        Transfers.ExportCommand.Build(),
        Transfers.OperationsCommand.Build(),
        Models.TrainCommand.Build(),
        Models.ModelsCommand.Build(),
        Ranking.RecommendCommand.Build(),
        Coupons.CouponCommand.Build(),
        Redemptions.RedeemCommand.BuildValidate(),
        Redemptions.RedeemCommand.Build(),
        Redemptions.RedeemCommand.BuildReserve(),
        Redemptions.ReservationCommand.Build("confirm"),
        Redemptions.ReservationCommand.Build("release"),
        Redemptions.ReservationCommand.BuildRollBack(),
        Redemptions.ReturnCommand.Build(),
        Reports.OverviewCommand.Build(),
        Reports.ReportCommand.Build(),
        Redemptions.AuditCommand.Build(),
        Profiles.UserCommand.Build(),
        Catalog.ItemCommand.Build(),
        Campaigns.CampaignCommand.Build(),
        Offers.OffersCommand.Build(),
        Webhooks.WebhooksCommand.Build(),
        Access.KeysCommand.Build(),
        Health.ClusterCommand.Build(),
        Evaluate.EvaluateCommand.Build(),
        Example.ExampleCommand.Build(),
        Simulate.SimulateCommand.Build(),
        Completion.CompletionCommand.Build(),
    };

    private static string Words(ParseResult parsed)
    {
        var words = new List<string>();
        for (var result = parsed.CommandResult; result.Parent is CommandResult parent; result = parent)
        {
            words.Insert(0, result.Command.Name);
        }

        return string.Concat(words.Select(w => w + " "));
    }

    private static int Fail(string line, int code)
    {
        Console.Error.WriteLine($"coupons: {line.ReplaceLineEndings(" ")}");
        return code;
    }
}
