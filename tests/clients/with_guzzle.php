<?php
// How PHP programs use Calendly's API with Guzzle:  with_guzzle.php BASE_URI TOKEN EVENT_TYPE_URI; prints the results as JSON. Written
// like existing clients of that API: a base_uri, paths with a leading slash (which drop the base's path), URIs used as addresses,
// next_page followed unchanged, Guzzle's own exceptions.

require getenv('GUZZLE_AUTOLOAD') ?: '/usr/share/php/GuzzleHttp/autoload.php';

use GuzzleHttp\Client;
use GuzzleHttp\Exception\RequestException;

[, $base, $token, $eventType] = $argv;
$client = new Client([
    'base_uri' => $base,
    'timeout' => 30,
    'headers' => ['Authorization' => "Bearer $token", 'Accept' => 'application/json'],
]);
$decoded = fn ($response) => json_decode((string) $response->getBody(), true, 512, JSON_THROW_ON_ERROR);
$get = fn (string $uri, array $query = []) => $decoded($client->get($uri, $query ? ['query' => $query] : []));

$me = $get('/users/me')['resource'];

$types = [];
$pages = 0;
for ($page = $get('/event_types', ['user' => $me['uri'], 'count' => 5, 'sort' => 'name:asc']);; $page = $get($page['pagination']['next_page'])) {
    ++$pages;
    array_push($types, ...array_column($page['collection'], 'uri'));
    if (!$page['pagination']['next_page']) {
        break;
    }
}

// A URI used as an address, and as a parameter.
$followed = $get($types[0])['resource']['uri'];
$times = $get('/event_type_available_times', [
    'event_type' => $eventType,
    'start_time' => gmdate('Y-m-d\T00:00:00\Z', time() + 86400),
    'end_time' => gmdate('Y-m-d\T00:00:00\Z', time() + 15 * 86400),
])['collection'];

$link = $decoded($client->post('/scheduling_links', [
    'form_params' => ['max_event_count' => 1, 'owner' => $eventType, 'owner_type' => 'EventType'],
]))['resource'];
$json = $decoded($client->post('/scheduling_links', [
    'json' => ['max_event_count' => 1, 'owner' => $eventType, 'owner_type' => 'EventType'],
]))['resource'];

$refusal = function (callable $call) {
    try {
        $call();
        return null;
    } catch (RequestException $error) {
        $response = $error->getResponse();
        return ['status' => $response->getStatusCode(), 'body' => json_decode((string) $response->getBody(), true)];
    }
};

echo json_encode([
    'me' => $me['uri'],
    'types' => $types,
    'pages' => $pages,
    'followed' => $followed,
    'times' => $times,
    'link' => $link,
    'json_link' => $json,
    'refused' => $refusal(fn () => $client->post('/scheduling_links', ['form_params' => ['max_event_count' => 2, 'owner_type' => 'EventType']])),
    'missing' => $refusal(fn () => $client->get('/event_types/NOSUCH')),
    'unauthenticated' => $refusal(fn () => $client->get('/users/me', ['headers' => ['Authorization' => 'Bearer nobody']])),
    'too_large' => $refusal(fn () => $client->post('/scheduling_links', ['body' => str_repeat('a', 70000), 'headers' => ['Content-Type' => 'application/x-www-form-urlencoded']])),
], JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
