# How Ruby programs use Calendly's API with Faraday:  with_faraday.rb BASE_URL TOKEN EVENT_TYPE_URI CALLBACK_URL; prints the results as
# JSON. Written like existing clients of that API: every POST is a form (`events[]=...`), pages are requested with next_page's parameters
# under the base, URIs are parsed or followed, errors are raised by status.
require 'faraday'
require 'json'
require 'time'
require 'uri'

base, token, event_type, callback = ARGV

class Refused < StandardError
  attr_reader :status, :body

  def initialize(response)
    @status = response.status
    @body = JSON.parse(response.body)
    super(@body['title'])
  end
end

client = Faraday.new(url: base) do |faraday|
  faraday.request :url_encoded
  faraday.adapter :net_http
end
client.headers['Authorization'] = "Bearer #{token}"

call = lambda do |method, path, parameters = {}|
  response = client.public_send(method, path, parameters)
  raise Refused, response if response.status >= 400

  response.body.to_s.empty? ? nil : JSON.parse(response.body)
end

# Without a leading slash Faraday keeps the base's path.
me = call.(:get, 'users/me')['resource']

types = []
pages = 0
parameters = { user: me['uri'], count: 5 }
loop do
  page = call.(:get, 'event_types', parameters)
  pages += 1
  types += page['collection'].map { |type| type['uri'] }
  address = page['pagination']['next_page'] or break
  parameters = URI.decode_www_form(URI(address).query).to_h
end

followed = call.(:get, types[0])['resource']['uri']
midnight = Time.now.utc.then { |now| Time.utc(now.year, now.month, now.day) }
times = call.(:get, 'event_type_available_times', event_type: event_type, start_time: (midnight + 86_400).iso8601, end_time: (midnight + 15 * 86_400).iso8601)['collection']

hook = call.(:post, 'webhook_subscriptions', url: callback, events: %w[invitee.created invitee.canceled], organization: me['current_organization'], user: me['uri'], scope: 'user')['resource']
hooks = call.(:get, 'webhook_subscriptions', organization: me['current_organization'], user: me['uri'], scope: 'user')['collection'].map { |each| each['uri'] }
call.(:delete, "webhook_subscriptions/#{URI(hook['uri']).path.split('/').last}")

refused = begin
  call.(:post, 'webhook_subscriptions', url: callback, events: ['invitee.created'], organization: me['current_organization'], scope: 'everything')
  nil
rescue Refused => error
  { status: error.status, body: error.body }
end
missing = begin
  call.(:get, 'event_types/NOSUCH')
  nil
rescue Refused => error
  { status: error.status, body: error.body }
end

puts JSON.generate(me: me['uri'], types: types, pages: pages, followed: followed, times: times, hook: hook, hooks: hooks, refused: refused, missing: missing)
