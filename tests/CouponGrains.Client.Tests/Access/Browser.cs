using System.Net;
using System.Text;
using System.Text.Json;

namespace CouponGrains.Client.Tests.Access;

/// <summary>What of a browser a sign-in needs: it keeps cookies and follows where it is sent.</summary>
internal sealed class Browser : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;

    public Browser(Uri host) => _http = new(new HttpClientHandler { CookieContainer = _cookies }) { BaseAddress = host };

    /// <summary>What it would send as a cookie.</summary>
    public string Cookie => _cookies.GetCookieHeader(_http.BaseAddress!);

    /// <summary>Goes somewhere and answers where it arrived.</summary>
    public async Task<Uri> Visit(string path)
    {
        using var answer = await _http.GetAsync(path);
        return answer.RequestMessage!.RequestUri!;
    }

    /// <summary>Who is signed in, as the host tells the pages.</summary>
    public async Task<JsonElement> Session() => (await Send("GET", "/session")).Body;

    /// <summary>Signs in at whatever provider the host leads to, and answers what pages show with changes.</summary>
    public async Task<string> SignIn()
    {
        await Visit("/sign-in");
        return (await Session()).GetProperty("token").GetString()!;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> Send(
        string method, string path, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (method != "GET")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers.Concat(token is null ? [] : [("X-CSRF-Token", token)]))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }

    public void Dispose() => _http.Dispose();
}
