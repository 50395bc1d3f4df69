namespace CouponGrains.Api.Hosting;

/// <summary>Asks a probe from inside a container, which has no shell and no other program that could.</summary>
public static class Probe
{
    /// <summary>The option that does it: <c>--probe http://127.0.0.1:8080/health/ready</c>.</summary>
    public const string Option = "--probe";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>0 if the address answers well, otherwise 1.</summary>
    public static async Task<int> Ask(string address)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(address);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
